"""The classifier's metrics as per-example sums."""

from collections.abc import Iterable, Mapping

import tensorflow as tf

from tfstory.metrics.ratio import Ratio

PLACE = "place"


def ratios(attributes: Iterable[str]) -> dict[str, Ratio]:
    """Returns the metrics.

    Args:
      attributes: their names; the first one's "nothing" says whether
        something is seen at a place.
    """
    found = {
        f"{name}_accuracy": Ratio(
            f"{name}_right",
            "objects",
            higher_is_better=True,
            about=about,
        )
        for name, about in (
            (PLACE, "objects where something is seen in their place"),
            *(
                (name, f"objects whose {name} is seen in their place")
                for name in attributes
            ),
        )
    }
    for name in attributes:
        found[f"{name}_accuracy_most_frequent"] = Ratio(
            f"{name}_most_frequent_right",
            "objects",
            higher_is_better=True,
            baseline_of=f"{name}_accuracy",
        )
    found["false_alarms"] = Ratio(
        "false_alarms",
        "empty_cells",
        about="empty places where something is seen",
    )
    return found


def sums(
    logits: Mapping[str, tf.Tensor], labels: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Returns the sums of what is seen, float32 `[batch]` each.

    Args:
      logits: attribute to float `[batch, cells, values]`.
      labels: int64 `[batch, cells, attributes]`; 0 where nothing stands.
    """
    there = labels[..., 0] > 0
    seen = {name: tf.argmax(part, -1) for name, part in logits.items()}
    found = next(iter(seen.values())) > 0
    result = {
        "objects": _count(there),
        "empty_cells": _count(~there),
        f"{PLACE}_right": _count(there & found),
        "false_alarms": _count(~there & found),
    }
    for index, (name, value) in enumerate(seen.items()):
        right = there & (value == labels[..., index])
        result[f"{name}_right"] = _count(right)
    return result


def baseline_sums(
    labels: tf.Tensor, frequencies: Mapping[str, tf.Tensor]
) -> dict[str, tf.Tensor]:
    """Returns the sums of always naming the most frequent value.

    Args:
      labels: as in `sums`.
      frequencies: attribute to float `[values]`, of training; that of
        nothing does not count.
    """
    there = labels[..., 0] > 0
    return {
        f"{name}_most_frequent_right": _count(
            there & (labels[..., index] == 1 + tf.argmax(counts[1:]))
        )
        for index, (name, counts) in enumerate(frequencies.items())
    }


def _count(flags: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(tf.cast(flags, tf.float32), axis=1)
