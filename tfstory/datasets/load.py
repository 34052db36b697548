"""Loads a config's examples from prepared data."""

import logging
import os

import ml_collections
import tensorflow as tf

from tfstory.datasets import registry
from tfstory.datasets import report as report_lib
from tfstory.datasets.windows import windows
from tfstory.errors import UserError

_log = logging.getLogger(__name__)


def load(
    config: ml_collections.ConfigDict, data_dir: str | os.PathLike, split: str
) -> tf.data.Dataset:
    """Returns the raw examples of a split as `config.data` asks for them.

    Args:
      config: its `data` names the `dataset`, the arguments of its `builder`,
        `frames` and `stride`, and may limit a split's examples with
        `max_<split>_examples` (0 takes all).
      data_dir: where prepared datasets lie.
      split: "train", "validation" or "test".

    Returns:
      Raw examples as `windows` makes them, in an order that is the same in
      every run.

    Raises:
      UserError: the dataset is not prepared, or the split has no story of
        enough frames.
    """
    data = config.data
    builder = registry.builder(data.dataset, data_dir, **data.builder.to_dict())
    if not builder.is_prepared():
        command = " ".join(
            [
                f"tfstory prepare --dataset={data.dataset}",
                f"--data_dir={data_dir}",
                *(f"--builder.{n}={v}" for n, v in data.builder.items()),
            ]
        )
        raise UserError(
            f"{data.dataset} is not prepared in {data_dir}; run `{command}`"
        )
    for name in ("frames", "stride"):
        if data[name] < 1:
            raise UserError(f"config.data.{name} must be 1 or more")
    _check_lengths(builder, split, data.frames)
    examples = windows(builder, split, data.frames, data.stride)
    limit = data.get(f"max_{split}_examples", 0)
    return examples.take(limit) if limit else examples


def _check_lengths(builder, split, frames):
    counts = report_lib.read(builder.data_dir)["splits"].get(split)
    if counts is None:
        raise UserError(
            f"{builder.name} has no {split} stories; add stories or choose "
            "another split"
        )
    shorter = sum(
        count
        for length, count in counts["stories_by_length"].items()
        if int(length) < frames
    )
    if shorter == counts["stories"]:
        raise UserError(
            f"all {split} stories of {builder.name} are shorter than "
            f"{frames} frames; lower config.data.frames"
        )
    if shorter:
        _log.warning(
            "%s %s: %d of %d stories are shorter than %d frames and give no "
            "example",
            builder.name, split, shorter, counts["stories"], frames,
        )  # fmt: skip
