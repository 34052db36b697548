"""The base of builders of single scenes of drawn stories, with labels."""

import abc
import functools
from collections.abc import Iterator
from typing import Any, ClassVar

import numpy as np
import tensorflow_datasets as tfds

from tfstory import examples
from tfstory.datasets import splits
from tfstory.datasets.candidates import Candidate
from tfstory.datasets.picture_builder import PictureBuilder
from tfstory.datasets.scene_labels import SceneLabels
from tfstory.datasets.source_files import SourceFiles


class SceneBuilder(PictureBuilder, skip_registration=True):
    """Draws the frames of stories and labels what stands in their cells.

    A subclass has, among its `ARGUMENTS`, `<split>_stories` for each split.
    Besides the features of all pictures an example has `labels`, int64
    `[cells, attributes]`.
    """

    LABELS: ClassVar[SceneLabels]
    # Frames taken of each story, its first ones.
    FRAMES: ClassVar[int]

    @abc.abstractmethod
    def scene(
        self, split: str, index: int, frame: int
    ) -> tuple[bytes, np.ndarray]:
        """Draws a scene; the frames of a story are asked one after the other.

        Args:
          split: of the story.
          index: the story's number there, from 0.
          frame: the frame's number, from 0.

        Returns:
          The encoded picture, and its labels.
        """

    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """See the base class."""
        for split in splits.SPLITS:
            for index in range(self.arguments[f"{split}_stories"]):
                for frame in range(self.FRAMES):
                    yield Candidate(
                        f"{split}-{index:07d}-{frame}",
                        functools.partial(self.scene, split, index, frame),
                        split,
                    )

    def example(self, candidate, report):
        """See the base class."""
        picture, labels = candidate.read()
        return {
            examples.EXAMPLE_ID: candidate.name,
            examples.SOURCE: self.name,
            examples.IMAGE: picture,
            examples.LABELS: labels,
        }

    def extra_features(self) -> dict[str, Any]:
        """See the base class."""
        shape = (self.LABELS.cells, len(self.LABELS.attributes))
        return {
            examples.LABELS: tfds.features.Tensor(shape=shape, dtype=np.int64)
        }
