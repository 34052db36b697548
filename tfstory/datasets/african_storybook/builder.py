"""Builder of the African Storybook's English stories."""

import collections
import functools
import re
from collections.abc import Iterator

from tfstory.datasets import texts
from tfstory.datasets.african_storybook import pages as pages_lib
from tfstory.datasets.candidates import BadExample, Candidate, Frame
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.story_builder import StoryBuilder
from tfstory.errors import UserError

_STORY = re.compile(
    r"(?P<root>(?:.*/)?)asp-source[^/]*/(?:[^/]+/)?en/"
    r"(?P<name>(?P<number>\d{4})_[^/]+)\.md"
)
_PICTURE = re.compile(
    r"(?P<root>(?:.*/)?)asp-imagebank[^/]*/(?:[^/]+/)?medium/"
    r"(?P<number>\d{4})/\d+\.(?:jpg|png)"
)
_ARCHIVE = "https://github.com/global-asp/{}/archive/refs/heads/master.zip"


class AfricanStorybook(StoryBuilder):
    """Each page of a book is a frame: its picture and its text.

    Pages without words are kept: in a picture book they are part of the
    story. Their sentence is "".
    """

    DESCRIPTION = (
        "Illustrated children's stories of the African Storybook. CC-BY, "
        "some CC-BY-NC: each story's file names its licence and authors."
    )
    HOMEPAGE = "https://github.com/global-asp"
    LAYOUT = (
        "the folders asp-source/en (NNNN_slug.md) and asp-imagebank/medium "
        "(NNNN/MM.jpg), or archives of them"
    )
    URLS = {
        "asp-source.zip": _ARCHIVE.format("asp-source"),
        "asp-imagebank.zip": _ARCHIVE.format("asp-imagebank"),
    }
    WANTED = re.compile(r"/en/\d{4}_[^/]+\.md$|/medium/\d{4}/\d+\.(jpg|png)$")
    LEAVES_OUT_FRAMES = True
    ALLOWS_NO_WORDS = True
    name = "african_storybook"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        stories = source.matches(_STORY)
        pictures = collections.defaultdict(list)
        for match in source.matches(_PICTURE):
            pictures[match["number"]].append(match[0])
        if not stories or not pictures:
            missing = "stories" if not stories else "pictures"
            raise UserError(
                f"{self.name}: no {missing} found; expected {self.LAYOUT}"
            )
        for match in stories:
            yield Candidate(
                match["name"],
                functools.partial(
                    _frames, source, match[0], pictures[match["number"]]
                ),
            )


def _frames(
    source: SourceFiles, story: str, pictures: list[str]
) -> list[Frame]:
    pages, _ = pages_lib.parse(texts.decoded(source.read(story)))
    paired = [
        pages_lib.picture_of_page(i, len(pages), len(pictures))
        for i in range(len(pages))
    ]
    if None in paired:
        raise BadExample(
            f"{len(pages)} pages and {len(pictures)} pictures: which belong "
            "together is not known"
        )
    return [
        Frame(functools.partial(source.read, pictures[at]), page)
        for at, page in zip(paired, pages, strict=True)
    ]
