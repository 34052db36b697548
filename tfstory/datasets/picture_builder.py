"""The base of all builders of single pictures."""

from typing import Any

import tensorflow_datasets as tfds

from tfstory import examples
from tfstory.datasets import pictures
from tfstory.datasets import report as report_lib
from tfstory.datasets.dataset_builder import DatasetBuilder


class PictureBuilder(DatasetBuilder, skip_registration=True):
    """Turns a source of pictures into a prepared TFDS dataset.

    A candidate's `read` gives the encoded picture. Examples are of the format
    `tfstory.examples.PICTURES`.
    """

    UNIT = report_lib.PICTURES

    def extra_features(self) -> dict[str, Any]:
        """Returns TFDS features besides those of all pictures."""
        return {}

    def example(self, candidate, report):
        """See the base class."""
        return {
            examples.EXAMPLE_ID: candidate.name,
            examples.SOURCE: self.name,
            examples.IMAGE: pictures.checked(candidate.read()),
        }

    def examples(self, split, data):
        """Returns the pictures, still encoded."""
        return self.read(split, {examples.IMAGE: tfds.decode.SkipDecoding()})

    def _info(self):
        text = tfds.features.Text()
        return self._dataset_info(
            {
                examples.EXAMPLE_ID: text,
                examples.SOURCE: text,
                examples.IMAGE: tfds.features.Image(shape=(None, None, 3)),
                **self.extra_features(),
            }
        )
