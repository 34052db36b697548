"""SeqGAN on an oracle of 500 tokens, on which every method converges."""

import ml_collections

from tfstory.systems.seq_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.builder.vocabulary_size = 500
    config.model.discriminator_divisor = 4
    return config
