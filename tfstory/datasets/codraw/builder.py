"""Builder of CoDraw: drawing dialogues, the canvas painted after each turn."""

import functools
import re
from collections.abc import Callable, Iterator

from tfstory.datasets import splits
from tfstory.datasets.candidates import BadExample, Candidate, Frame
from tfstory.datasets.codraw import canvas as canvas_lib
from tfstory.datasets.codraw import dialogues
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.story_builder import StoryBuilder
from tfstory.errors import UserError

_DIALOGUE = re.compile(
    r"(?P<root>(?:.*/)?)output/(?P<name>(?P<split>train|val|test)_\d+)\.json"
)
_WHOLE = re.compile(r"(?P<root>(?:.*/)?)CoDraw_1_0\.json")
_CLIP_ART = re.compile(r"(?P<root>(?:.*/)?)Pngs/(?P<name>[^/]+\.png)")
_SPLITS = {
    "train": splits.TRAIN,
    "val": splits.VALIDATION,
    "test": splits.TEST,
}
# A key of the whole file, such as "val_00042".
_KEY = re.compile(r"(train|val|test)_\d+")
_TEST_SHARE = 0.1


class Codraw(StoryBuilder):
    """A frame is what the teller said and the canvas that came of it.

    The published validation and test dialogues are those splits; where there
    are no test dialogues, a tenth of the training ones takes their place.
    """

    DESCRIPTION = "CoDraw: collaborative drawing dialogues. CC-BY-NC 4.0."
    HOMEPAGE = "https://github.com/facebookresearch/CoDraw"
    LAYOUT = (
        "the folders output (train_NNNNN.json, val_NNNNN.json ...; or "
        "CoDraw_1_0.json) and Pngs (the clip art of Abstract Scenes 1.1), or "
        "archives of them"
    )
    URLS = {
        "CoDraw_1_0.json": (
            "https://drive.google.com/uc?export=download"
            "&id=0B-u9nH58139bTy1XRFdqaVEzUGs"
        ),
        "AbstractScenes_v1.1.zip": (
            "https://download.microsoft.com/download/4/5/D/"
            "45D1BBFC-7944-4AC5-AED2-1A35D85662D7/AbstractScenes_v1.1.zip"
        ),
    }
    WANTED = re.compile(
        r"(^|/)output/(train|val|test)_\d+\.json$|(^|/)CoDraw_1_0\.json$"
        r"|(^|/)Pngs/[^/]+\.png$"
    )
    DRAWS_PICTURES = True
    # Width of the pictures in pixels; the height is four fifths of it.
    ARGUMENTS = {"width": 128}
    AT_LEAST = {"width": 16}
    name = "codraw"

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        clip_art = {m["name"]: m[0] for m in source.matches(_CLIP_ART)}
        readers = _dialogue_readers(source)
        if not clip_art or not readers:
            missing = "dialogues" if clip_art else "clip art"
            raise UserError(
                f"{self.name}: no {missing} found; expected {self.LAYOUT}"
            )
        painter = canvas_lib.Painter(
            lambda name: source.read(clip_art.get(name, name)),
            self.arguments["width"],
        )
        published = {name.partition("_")[0] for name in readers}
        for name, read in readers.items():
            split = _SPLITS[name.partition("_")[0]]
            if (
                split == splits.TRAIN
                and "test" not in published
                and splits.share(name) < _TEST_SHARE
            ):
                split = splits.TEST
            yield Candidate(
                name, functools.partial(_frames, read, painter), split
            )


def _dialogue_readers(source: SourceFiles) -> dict[str, Callable[[], dict]]:
    """A function for each dialogue's name that returns the dialogue."""
    dialogues_by_name = {
        match["name"]: functools.partial(_load, source, match[0])
        for match in source.matches(_DIALOGUE)
    }
    if dialogues_by_name:
        return dialogues_by_name
    for match in source.matches(_WHOLE):
        try:
            whole = _load(source, match[0]).get("data")
        except BadExample as error:
            raise UserError(f"{match[0]}: {error}; fetch it anew") from None
        if not isinstance(whole, dict):
            raise UserError(
                f"{match[0]} holds no dialogues by name under data; fetch it "
                "anew"
            )
        for name in sorted(filter(_KEY.fullmatch, whole)):
            dialogues_by_name[name] = functools.partial(whole.get, name)
    return dialogues_by_name


def _load(source: SourceFiles, name: str) -> dict:
    return dialogues.load(source.read(name))


def _frames(
    read: Callable[[], dict], painter: canvas_lib.Painter
) -> list[Frame]:
    return [
        Frame(functools.partial(painter.paint, pieces), sentence)
        for sentence, pieces in dialogues.changes(read())
    ]
