"""Builder of CLEVR-SV: four-frame stories, one more object in each frame."""

import collections
import functools
import re
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from tfstory.datasets import splits
from tfstory.datasets.candidates import BadExample, Candidate, Frame
from tfstory.datasets.clevr_sv import attributes_file, drawing, places, scenes
from tfstory.datasets.clevr_sv import vectors as vectors_lib
from tfstory.datasets.clevr_sv.camera import RIGHT
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

    So few stories are published that `drawn_stories` more, which the project
    draws in their manner, can be added to the training split; validation and
    test are always published ones alone. `held_out_share` of these are for
    validation, and as many for test.

    Raises:
      UserError: `held_out_share` leaves a split empty, or as the base class.
    """

    DESCRIPTION = "CLEVR-SV, the sample published with the StoryGAN code."
    HOMEPAGE = "https://github.com/yitong91/StoryGAN"
    ARGUMENTS = {
        "seed": 0,
        "drawn_stories": 0,
        "held_out_share": splits.HELD_OUT_SHARE,
        # Sentences that tell where in the picture the new object is.
        "described": False,
    }
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

    def __init__(self, **arguments):
        super().__init__(**arguments)
        if not 0 < self.held_out_share < 0.5:
            raise UserError(
                f"{self.name}: held_out_share must be more than 0 and less "
                f"than 0.5, not {self.held_out_share}"
            )

    @property
    def held_out_share(self) -> float:
        """See the base class."""
        return self.arguments["held_out_share"]

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
                story_id,
                functools.partial(self._frames, source, frames, vectors),
            )
        seed = self.arguments["seed"]
        for index in range(self.arguments["drawn_stories"]):
            yield Candidate(
                f"drawn-{seed}-{index:07d}",
                functools.partial(self._drawn_frames, seed, index),
                splits.TRAIN,
            )

    def _frames(self, source, matches, vectors):
        frames = []
        for number in range(1, max(matches) + 1):
            if number not in matches:
                raise BadExample(f"picture {number} is missing")
            vector = vectors.get(matches[number]["picture"])
            if vector is None:
                raise BadExample(f"frame {number} has no vector")
            objects, _ = vectors_lib.parse(vector)
            if len(objects) != number:
                raise BadExample(f"frame {number} has {len(objects)} objects")
            picture = functools.partial(source.read, matches[number][0])
            frames.append(self._frame(picture, vector))
        return frames

    def _drawn_frames(self, seed, index):
        scene = scenes.random_scene(seed, index)
        objects = [solid.item for solid in scene.solids]
        return [
            self._frame(picture, vectors_lib.vector(objects[:count], RIGHT))
            for count, picture in enumerate(drawing.draw(scene), 1)
        ]

    def _frame(self, picture, vector):
        objects, right = vectors_lib.parse(vector)
        new = objects[-1]
        place = places.told(new) if self.arguments["described"] else ""
        return Frame(
            picture,
            vectors_lib.sentence(objects, right, place),
            extras={
                "attributes": ",".join(_ATTRIBUTES),
                "values": ",".join(getattr(new, n) for n in _ATTRIBUTES),
                "vector": np.asarray(vector, np.float32),
            },
        )
