"""Builder of CLEVR-SV: four-frame stories, one more object in each frame."""

import collections
import functools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from tfstory.datasets.candidates import BadExample, Candidate, Frame
from tfstory.datasets.clevr_sv import attributes_file
from tfstory.datasets.clevr_sv import vectors as vectors_lib
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.story_builder import StoryBuilder
from tfstory.errors import UserError

_PICTURE = re.compile(
    r"(?P<root>(?:.*/)?)images/"
    r"(?P<picture>(?P<story>CLEVR_new_\d+)_(?P<frame>\d+)\.png)"
)
_VECTORS = re.compile(r"(?P<root>(?:.*/)?)(?:attributes\.json|CLEVR_dict\.npy)")
_ATTRIBUTES = ("shape", "colour", "material", "size")


class ClevrSv(StoryBuilder):
    """A frame shows the objects so far; its sentence tells of the newest.

    Besides the features of all stories a frame has `attributes` and `values`
    (names and values of the newest object, comma-separated) and `vector`,
    float32 `[75]`, as published.
    """

    DESCRIPTION = "CLEVR-SV, the sample published with the StoryGAN code."
    HOMEPAGE = "https://github.com/yitong91/StoryGAN"
    LAYOUT = (
        "the folder images (CLEVR_new_NNNNNN_K.png) and beside it "
        "attributes.json or CLEVR_dict.npy, or an archive of them"
    )
    URLS = {
        "StoryGAN.zip": (
            "https://github.com/yitong91/StoryGAN/archive/refs/heads/master.zip"
        )
    }
    WANTED = re.compile(
        r"(^|/)images/CLEVR_new_\d+_\d+\.png$"
        r"|(^|/)(attributes\.json|CLEVR_dict\.npy)$"
    )
    name = "clevr_sv"

    def extra_features(self) -> dict[str, Any]:
        """See the base class."""
        return {
            "attributes": tfds.features.Text(),
            "values": tfds.features.Text(),
            "vector": tfds.features.Tensor(
                shape=(vectors_lib.SIZE,), dtype=np.float32
            ),
        }

    def candidates(self, source: SourceFiles) -> Iterator[Candidate]:
        """See the base class."""
        pictures = source.matches(_PICTURE)
        files = source.matches(_VECTORS)
        if not pictures or not files:
            missing = "attributes" if pictures else "pictures"
            raise UserError(
                f"{self.name}: no {missing} found; expected {self.LAYOUT}"
            )
        try:
            data = source.read(files[0][0])
        except BadExample as error:
            raise UserError(f"{self.name}: {error}") from None
        vectors = attributes_file.load(files[0][0], data)
        frames_of = collections.defaultdict(dict)
        for match in pictures:
            frames_of[match["story"]][int(match["frame"])] = match
        for story_id, frames in sorted(frames_of.items()):
            yield Candidate(
                story_id, functools.partial(_frames, source, frames, vectors)
            )


def _frames(source, matches, vectors):
    frames = []
    for number in range(1, max(matches) + 1):
        if number not in matches:
            raise BadExample(f"picture {number} is missing")
        vector = vectors.get(matches[number]["picture"])
        if vector is None:
            raise BadExample(f"frame {number} has no vector")
        objects, right = vectors_lib.parse(vector)
        if len(objects) != number:
            raise BadExample(f"frame {number} has {len(objects)} objects")
        new = objects[-1]
        frames.append(
            Frame(
                functools.partial(source.read, matches[number][0]),
                vectors_lib.sentence(objects, right),
                extras={
                    "attributes": ",".join(_ATTRIBUTES),
                    "values": ",".join(getattr(new, n) for n in _ATTRIBUTES),
                    "vector": np.asarray(vector, np.float32),
                },
            )
        )
    return frames
