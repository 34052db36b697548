"""What all stages share."""

import keras
import numpy as np
import tensorflow as tf

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
