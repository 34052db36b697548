"""Builder of single scenes of the shape stories, with labels."""

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
import tensorflow_datasets as tfds

from tfstory import examples
from tfstory.datasets import splits
from tfstory.datasets.candidates import Candidate
from tfstory.datasets.picture_builder import PictureBuilder
from tfstory.datasets.shape_stories import labels
from tfstory.datasets.shape_stories.stories import (
    MIN_FRAMES,
    MIN_IMAGE_SIZE,
    generate_story,
)
from tfstory.datasets.source_files import SourceFiles


class ShapeScenes(PictureBuilder):
    """The first frames of each story, and the labels of their cells.

    Besides the features of all pictures an example has `labels`, int64
    `[cells, attributes]`; see `shape_stories.labels`.
    """

    DESCRIPTION = "Scenes of shape stories and what stands where in them."
    ARGUMENTS = {
        "seed": 0,
        "train_stories": 4_000,
        "validation_stories": 200,
        "test_stories": 200,
        "image_size": 64,
    }
    AT_LEAST = {"image_size": MIN_IMAGE_SIZE}
    name = "shape_scenes"

    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """See the base class."""
        for split in splits.SPLITS:
            for index in range(self.arguments[f"{split}_stories"]):
                for frame in range(MIN_FRAMES):
                    yield Candidate(
                        f"{split}-{index:07d}-{frame}",
                        functools.partial(self._scene, split, index, frame),
                        split,
                    )

    def example(self, candidate, report):
        """See the base class."""
        picture, objects = candidate.read()
        return {
            examples.EXAMPLE_ID: candidate.name,
            examples.SOURCE: self.name,
            examples.IMAGE: picture,
            examples.LABELS: labels.label(objects),
        }

    def extra_features(self) -> dict[str, Any]:
        """See the base class."""
        return {
            examples.LABELS: tfds.features.Tensor(
                shape=(labels.CELLS, len(labels.ATTRIBUTES)), dtype=np.int64
            )
        }

    def _scene(self, split, index, frame):
        arguments = self.arguments
        story = _story(arguments["seed"], split, index, arguments["image_size"])
        return story.images[frame], story.scenes[frame]


# The frames of a story are read one after the other.
_story = functools.lru_cache(maxsize=1)(generate_story)
