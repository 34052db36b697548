"""The base of all builders of single numbers."""

import tensorflow as tf
import tensorflow_datasets as tfds

from tfstory import examples
from tfstory.datasets import report as report_lib
from tfstory.datasets.dataset_builder import DatasetBuilder


class NumberBuilder(DatasetBuilder, skip_registration=True):
    """Turns a source of numbers into a prepared TFDS dataset.

    A candidate's `read` gives the number. Examples are of the format
    `tfstory.examples.NUMBERS`.
    """

    UNIT = report_lib.NUMBERS

    def example(self, candidate, report):
        """See the base class."""
        return {examples.VALUE: candidate.read()}

    def examples(self, split, data):
        """Returns the numbers, float32 `[]` each."""
        return self.read(split)

    def _info(self):
        return self._dataset_info(
            {examples.VALUE: tfds.features.Scalar(tf.float32)}
        )
