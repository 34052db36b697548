"""Weights of several networks, in one order."""

import keras

from tfstory.systems import weights


def test_what_networks_share_is_trained_once():
    shared = keras.layers.Dense(2)
    first, second = (
        keras.Sequential([keras.Input((2,)), shared, keras.layers.Dense(1)])
        for _ in range(2)
    )
    frozen = keras.Sequential([keras.Input((2,)), keras.layers.Dense(3)])
    frozen.trainable = False
    found = weights.trainable([first, frozen, second])
    # Kernel and bias of each; optimizers know them by their order.
    assert [v.path for v in found] == [
        v.path
        for layer in (shared, first.layers[-1], second.layers[-1])
        for v in layer.trainable_variables
    ]
