"""The base of builders of square pictures of one size."""

from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfstory import examples
from tfstory.datasets import squares
from tfstory.datasets.picture_builder import PictureBuilder


class SquareBuilder(PictureBuilder, skip_registration=True):
    """Cuts a square of `size` pixels out of each picture.

    Stored as PNG, so that large photographs are read once and not again in
    every epoch.
    """

    ARGUMENTS = {"size": 64}
    AT_LEAST = {"size": 8}
    CROP: ClassVar[squares.Crop] = squares.WHOLE

    def example(self, candidate, report):
        """See the base class."""
        size = self.arguments["size"]
        picture, side = squares.square(candidate.read(), size, self.CROP)
        if side < size:
            report.note(f"enlarged to {size} pixels, kept")
        return {
            examples.EXAMPLE_ID: candidate.name,
            examples.SOURCE: self.name,
            examples.IMAGE: picture,
        }


class FaceBuilder(SquareBuilder, skip_registration=True):
    """Aligned faces of CelebA, with their attributes.

    Prepared data have a feature `attributes` besides those of all pictures:
    the names of the attributes that the face has, comma-separated. Systems
    are fed without it.
    """

    CROP = squares.ALIGNED_FACE
    HOMEPAGE = "https://mmlab.ie.cuhk.edu.hk/projects/CelebA.html"
    ATTRIBUTES = "attributes"

    def attributes(self, name: str) -> list[str] | None:
        """Returns the names of a face's attributes; None if not known.

        Args:
          name: of a candidate.
        """
        raise NotImplementedError

    def example(self, candidate, report):
        """See the base class."""
        example = super().example(candidate, report)
        known = self.attributes(candidate.name)
        if known is None:
            report.note("without attributes, kept")
        return {**example, self.ATTRIBUTES: ",".join(known or [])}

    def examples(self, split, data):
        """Returns the pictures, still encoded."""
        features = list(examples.PICTURES.spec)
        return (
            super()
            .examples(split, data)
            .map(lambda face: {name: face[name] for name in features})
        )

    def extra_features(self) -> dict[str, Any]:
        """See the base class."""
        return {self.ATTRIBUTES: tfds.features.Text()}
