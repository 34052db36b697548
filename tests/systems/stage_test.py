"""What all stages share."""

import keras
import numpy as np
import tensorflow as tf

from tfstory.systems import replicas
from tfstory.systems.stage import Stage


def _seed(name, stream=0, **arguments):
    stage = Stage(name, 3, {})
    stage.compile(optimizer=keras.optimizers.SGD())
    return tuple(stage.noise_seed(stream, **arguments).numpy())


def test_noise_repeats_and_differs_by_stage_stream_and_step():
    step = tf.constant(5)
    seeds = [
        _seed("first"),
        _seed("second"),
        _seed("first", 1),
        _seed("first", step=step),
    ]
    assert len(set(seeds)) == 4
    assert _seed("first") == seeds[0] == _seed("first", step=tf.constant(0))
    assert np.shape(seeds) == (4, 2)


class _OfText(Stage):
    """XLA has no strings."""

    def test_step(self, batch):
        length = tf.strings.length(batch)
        return self.update_losses(
            {"length": replicas.weighted_mean(tf.cast(length, tf.float32))}
        )


def test_validation_asks_nothing_of_xla():
    stage = _OfText("text", 0, {}, {"length": 1.0})
    stage.compile(jit_compile=True)
    lines = tf.data.Dataset.from_tensors(tf.constant(["a", "red"]))
    found = stage.evaluate(lines, verbose=0, return_dict=True)
    assert found == {"loss": 2.0}
    assert stage.jit_compile
