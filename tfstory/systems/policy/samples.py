"""Samples of a policy, to read."""

from collections.abc import Mapping

import tensorflow as tf

from tfstory.systems.policy import signatures
from tfstory.systems.policy.codec import TOKENS
from tfstory.systems.policy.model import PolicyModel

_SAMPLES = 12
_SEED = 0


def sheet(model: PolicyModel, batch: Mapping[str, tf.Tensor]) -> str:
    """Returns real sequences, and generated ones, the same every epoch.

    Args:
      model: PolicyModel.
      batch: a small prepared batch.
    """
    one = tf.constant(1.0)
    written = signatures.generate(
        model,
        tf.constant(_SAMPLES),
        one,
        one,
        tf.constant(_SEED, tf.int64),
        tf.constant(model.codec.length),
    )
    lines = ["held out:", *_lines(model, batch[TOKENS])]
    lines += ["", "generated:", *_lines(model, written.tokens)]
    return "\n".join(lines) + "\n"


def _lines(model, tokens):
    text = model.codec.text(tokens).numpy()
    return [f"  {line.decode('utf-8', 'replace')}" for line in text]
