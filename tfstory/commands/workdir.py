"""What a work directory holds, and systems made from it.

TensorFlow comes with the functions that need it: no command's `--help` does.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pathlib
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import ml_collections

from tfstory.commands import config_file
from tfstory.datasets import registry as datasets
from tfstory.datasets import report as report_lib
from tfstory.errors import UserError
from tfstory.systems import registry
from tfstory.training import files

if TYPE_CHECKING:
    import tensorflow as tf

    from tfstory.systems.system import System

_log = logging.getLogger(__name__)

VOCABULARY = "vocabulary.txt"
METRICS = "metrics.json"


def read_config(workdir: str):
    """Returns the config of a trained work directory.

    Settings that have come since have the values that they have by default.

    Raises:
      UserError: nothing was trained there.
    """
    path = pathlib.Path(workdir, files.CONFIG)
    if not path.is_file():
        raise UserError(
            f"{workdir} holds no training run; train one with "
            "`tfstory train --config=FILE --workdir=DIR`"
        )
    config = files.read_object(
        path, "write it back, or train anew in another work directory"
    )
    return registry.completed(ml_collections.ConfigDict(config))


def trained_system(
    workdir: str, unfinished: bool = True, overrides: Sequence[str] = ()
) -> System:
    """Makes the system of a work directory with its latest weights.

    It computes in float32 (`training.setup.restore`).

    Args:
      workdir: str.
      unfinished: bool, whether a run that has not ended will do; a warning
        says how far it is.
      overrides: of the run's config, as `config_file.load` takes them; of
        what changes no weights.

    Raises:
      UserError: nothing was trained there, or not to the end.
    """
    from tfstory.training import setup

    config = config_file.overridden(read_config(workdir), overrides)
    vocabulary = vocabulary_path(workdir, config)
    if vocabulary:
        _check_vocabulary(vocabulary)
    system, position = setup.restore(config, vocabulary, workdir)
    stages = system.stages()
    if position.stage < len(stages):
        state = (
            f"training in {workdir} has not ended: next comes "
            f"{position.in_words(stages)}"
        )
        if not unfinished:
            raise UserError(f"{state}; go on with `tfstory train`")
        _log.warning("%s", state)
    return system


def vocabulary_path(workdir: str, config) -> str:
    """Returns the path of the vocabulary file; "" for systems without text."""
    if not registry.get(config.system).text_feature:
        return ""
    return os.path.join(workdir, VOCABULARY)


def make_vocabulary(
    workdir: str, config, train_examples: tf.data.Dataset
) -> str:
    """Writes the vocabulary of the training examples.

    The one that a run began with stays: its weights stand for these words.

    Returns:
      The path of the vocabulary file; "" for systems without text.
    """
    from tfstory.text import vocabulary

    path = vocabulary_path(workdir, config)
    began = os.path.exists(os.path.join(workdir, files.CONFIG))
    if path and not (began and os.path.exists(path)):
        feature = registry.get(config.system).text_feature
        batches = train_examples.map(lambda example: example[feature])
        counts = vocabulary.count_words(
            batches.batch(256), config.data.get("splitter", "words")
        )
        vocabulary.write(
            path,
            counts,
            config.data.vocabulary_size,
            config.data.get("min_word_count", vocabulary.MIN_COUNT),
        )
        if not began:
            files.write_bytes(_digest_path(path), _digest(path))
    if path:
        # One that was lost and is made anew may come out otherwise.
        _check_vocabulary(path)
    return path


def _check_vocabulary(path: str) -> None:
    """Refuses words that the weights do not stand for.

    Raises:
      UserError: the file has changed since training began.
    """
    digest = _digest_path(path)
    if (
        digest.is_file()
        and os.path.isfile(path)
        and digest.read_bytes() != _digest(path)
    ):
        raise UserError(
            f"{path} is not the vocabulary that training began with; bring it "
            "back, or train anew in another work directory"
        )


def _digest(path: str) -> bytes:
    """Returns a line as `sha256sum` writes it, and checks it by `-c`."""
    content = pathlib.Path(path).read_bytes()
    name = os.path.basename(path)
    return f"{hashlib.sha256(content).hexdigest()}  {name}\n".encode()


def _digest_path(path: str) -> pathlib.Path:
    return pathlib.Path(f"{path}.sha256")


def load_examples(config, data_dir: str, split: str) -> tf.data.Dataset:
    """Returns raw examples; prepares the dataset where nothing is needed.

    Raises:
      UserError: the dataset is not prepared and needs the user's files, or
        is not of the kind that the system reads.
    """
    from tfstory.datasets.load import load
    from tfstory.datasets.prepare import prepare

    dataset = config.data.dataset
    arguments = config.data.builder.to_dict()
    # Of some, the arguments say whether they need files.
    if datasets.builder(dataset, data_dir, **arguments).WANTED is None:
        prepare(dataset, data_dir, None, arguments)
    examples = load(config, data_dir, split)
    registry.get(config.system).example_format(config).check(
        examples.element_spec, dataset
    )
    return examples


def describe_data(config, data_dir: str) -> dict[str, Any]:
    """Returns what tells a config's prepared data from others.

    What `tfstory prepare` itself goes by: the dataset with its version and
    arguments, a hash of its source's files, and what was kept of them.
    """
    data = config.data
    builder = datasets.builder(data.dataset, data_dir, **data.builder.to_dict())
    report = report_lib.read(builder.data_dir)
    return {
        "prepared_as": builder.info.full_name,
        "source": report["source"][:12],
        "splits": report["splits"],
    }
