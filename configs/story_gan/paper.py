"""StoryGAN at the width and with the training of its published code.

For `tfstory benchmark`: CLEVR-SV's shape of stories (4 frames of 64x64
pixels, 24 stories a step), generator 192 and discriminators 96 wide, two
generator steps a step, the seed's minimax game with the KL at full weight,
120 epochs with rates that halve every 20. Hours an epoch without a GPU.
"""

import ml_collections

from tfstory.systems.story_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.frames = 4
    config.model.generator_width = 192
    config.model.discriminator_width = 96
    config.model.discriminator_normalization = "batch"
    config.model.spectral_normalization = False
    config.model.ema_decay = 0.0
    stage = config.stages.adversarial
    stage.epochs = 120
    stage.batch_size = 24
    stage.generator_learning_rate = 2e-4
    stage.discriminator_learning_rate = 2e-4
    stage.halve_every_epochs = 20
    stage.generator_steps = 2
    stage.loss = "minimax"
    stage.loss_weights.kl_loss = 1.0
    stage.loss_weights.l1_loss = 0.0
    return config
