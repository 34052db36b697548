"""The base of all builders of token sequences."""

from collections.abc import Sequence

import numpy as np
import tensorflow_datasets as tfds

from tfstory import examples
from tfstory.datasets.candidates import BadExample
from tfstory.datasets.dataset_builder import DatasetBuilder


class TokenBuilder(DatasetBuilder, skip_registration=True):
    """Turns a source of token sequences into a prepared TFDS dataset.

    A candidate's `read` gives the tokens. A subclass has the `ARGUMENTS`
    `length`, of every sequence, and `vocabulary_size`: tokens are from 0 up
    to but without it. Examples are of the format
    `tfstory.examples.token_sequences(length)`.
    """

    AT_LEAST = {"length": 1, "vocabulary_size": 1}

    def example(self, candidate, report):
        """See the base class."""
        tokens = candidate.read()
        self._check(tokens)
        return {examples.TOKENS: np.asarray(tokens, np.int64)}

    def examples(self, split, data):
        """Returns the sequences, int64 `[length]` each."""
        return self.read(split)

    def _info(self):
        return self._dataset_info(
            {
                examples.TOKENS: tfds.features.Tensor(
                    shape=(self.arguments["length"],), dtype=np.int64
                )
            }
        )

    def _check(self, tokens: Sequence[int]) -> None:
        length = self.arguments["length"]
        if len(tokens) != length:
            raise BadExample(f"it has {len(tokens)} tokens, not {length}")
        size = self.arguments["vocabulary_size"]
        for position, token in enumerate(tokens, 1):
            if not 0 <= token < size:
                raise BadExample(
                    f"its token {position} is {token}, not from 0 to {size - 1}"
                )
