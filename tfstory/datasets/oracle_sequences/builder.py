"""Builder of sequences that an LSTM oracle draws."""

import functools
import io
import pathlib
import re
from collections.abc import Iterator

import tensorflow as tf

from tfstory.datasets import report as report_lib
from tfstory.datasets import splits
from tfstory.datasets.candidates import BadExample, Candidate
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.token_builder import TokenBuilder
from tfstory.errors import UserError
from tfstory.sampling import oracle_parameters
from tfstory.sampling.lstm_oracle import LstmOracle

# The oracle beside its sequences, for who judges others by it.
ORACLE_FILE = "oracle.npz"
_BATCH = 1_000
RANDOM = "random"
_FILE = "file"


class OracleSequences(TokenBuilder):
    """Independent draws from an LSTM oracle.

    The synthetic data of SeqGAN (Yu et al. 2017, arXiv:1609.05473; seed
    document 003): sequences of 20 out of 5,000 tokens, 10,000 of them to
    train on. `oracle` is "random" for one whose weights `oracle_seed`
    decides, or "file" for the one of `--manual_dir`.

    Raises:
      UserError: `oracle` is something else, or as the base class.
    """

    DESCRIPTION = "Sequences of tokens, drawn from an LSTM oracle."
    ARGUMENTS = {
        "oracle": RANDOM,
        "oracle_seed": 0,
        # Of the sequences.
        "seed": 0,
        "vocabulary_size": 5_000,
        "length": 20,
        "train_examples": 10_000,
        "validation_examples": 1_000,
        "test_examples": 10_000,
    }
    LAYOUT = (
        "one .npz or .pkl file with an oracle's parameters, such as SeqGAN's "
        "published target_params"
    )
    WANTED = re.compile(r"\.(npz|pkl)$")
    UNIT = report_lib.SEQUENCES
    name = "oracle_sequences"

    def __init__(self, **arguments):
        super().__init__(**arguments)
        if self.arguments["oracle"] not in (RANDOM, _FILE):
            raise UserError(
                f"{self.name}: oracle must be {RANDOM} or {_FILE}, not "
                f"{self.arguments['oracle']!r}"
            )
        if self.arguments["oracle"] == RANDOM:
            self.WANTED = None

    def oracle(self) -> LstmOracle:
        """Returns the oracle of the prepared data."""
        return LstmOracle(
            oracle_parameters.load(pathlib.Path(self.data_dir, ORACLE_FILE))
        )

    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """See the base class."""
        self._parameters = self._find_parameters(source)
        sample = tf.function(
            LstmOracle(self._parameters).sample,
            input_signature=[tf.TensorSpec([None, None])],
        )
        for stream, split in enumerate(splits.SPLITS):
            count = self.arguments[f"{split}_examples"]
            uniforms = tf.random.stateless_uniform(
                [count, self.arguments["length"]],
                seed=(self.arguments["seed"], stream),
                alg="philox",
            )
            for start in range(0, count, _BATCH):
                drawn = sample(uniforms[start : start + _BATCH]).numpy()
                for index, tokens in enumerate(drawn, start):
                    yield Candidate(
                        f"{split}-{index:07d}",
                        functools.partial(tuple, tokens),
                        split,
                    )

    def _find_parameters(self, source):
        size = self.arguments["vocabulary_size"]
        if source is None:
            return oracle_parameters.draw_parameters(
                self.arguments["oracle_seed"], size
            )
        names = source.names()
        if len(names) != 1:
            raise UserError(
                f"{self.name}: found {len(names)} such files; expected "
                f"{self.LAYOUT}"
            )
        try:
            data = io.BytesIO(source.read(names[0]))
            parameters = oracle_parameters.load(data)
        except (BadExample, ValueError) as error:
            raise UserError(f"{self.name}: {names[0]}: {error}") from None
        if parameters.vocabulary_size != size:
            raise UserError(
                f"{self.name}: the oracle of {names[0]} has "
                f"{parameters.vocabulary_size} tokens; set "
                f"--builder.vocabulary_size={parameters.vocabulary_size}"
            )
        return parameters

    def _download_and_prepare(self, dl_manager, download_config):
        super()._download_and_prepare(dl_manager, download_config)
        oracle_parameters.save(
            pathlib.Path(self.data_dir, ORACLE_FILE), self._parameters
        )
