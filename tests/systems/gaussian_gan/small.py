"""GaussianGan systems and batches for tests."""

import numpy as np
import tensorflow as tf

from tests.systems import configs
from tfstory.systems.gaussian_gan.system import GaussianGan


def config(name="seed"):
    """Returns a config of the project."""
    return configs.load("gaussian_gan", name)


def system(name="seed", **stage):
    """Returns a system; `stage` changes its adversarial stage."""
    changed = config(name)
    changed.stages.adversarial.update(stage)
    tf.keras.utils.set_random_seed(0)
    return GaussianGan(changed)


def batch(count=7, seed=0):
    """Returns real numbers."""
    values = np.random.default_rng(seed).normal(size=count)
    return {"value": tf.constant(values, tf.float32)}


def weights(made):
    """Returns the weights of all networks, in order."""
    return [
        variable.numpy()
        for network in made.networks.values()
        for variable in network.weights
    ]
