"""Loads a config's examples from prepared data."""

import os
import shlex

import ml_collections
import tensorflow as tf

from tfstory.datasets import registry
from tfstory.errors import UserError


def load(
    config: ml_collections.ConfigDict, data_dir: str | os.PathLike, split: str
) -> tf.data.Dataset:
    """Returns the raw examples of a split as `config.data` asks for them.

    Args:
      config: its `data` names the `dataset`, the arguments of its `builder`,
        what else its `examples` take (`frames` and `stride` of stories), and
        may limit a split's examples with `max_<split>_examples` (0 takes
        all).
      data_dir: where prepared datasets lie.
      split: "train", "validation" or "test".

    Returns:
      Raw examples, unbatched, in an order that is the same in every run.

    Raises:
      UserError: the dataset is not prepared, or has no such split, or the
        split has nothing of what the config asks for.
    """
    data = config.data
    builder = registry.builder(data.dataset, data_dir, **data.builder.to_dict())
    if not builder.is_prepared():
        command = shlex.join(
            [
                *("tfstory", "prepare", f"--dataset={data.dataset}"),
                f"--data_dir={data_dir}",
                *(["--manual_dir=YOUR_FILES"] if builder.WANTED else []),
                *(f"--builder.{n}={v}" for n, v in data.builder.items()),
            ]
        )
        raise UserError(
            f"{data.dataset} is not prepared in {data_dir}; run `{command}`"
        )
    unit = builder.UNIT
    if split not in builder.report()["splits"]:
        raise UserError(
            f"{builder.name} has no {split} {unit.many}; add {unit.many} or "
            "choose another split"
        )
    examples = builder.examples(split, data)
    limit = data.get(f"max_{split}_examples", 0)
    return examples.take(limit) if limit else examples
