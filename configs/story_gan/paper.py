"""StoryGAN at the width and with the rates and losses of its published code.

For `tfstory benchmark`: 4 frames of 64x64 pixels and 24 stories a step, as
for CLEVR-SV, generator 192 and discriminators 96 wide, two generator steps a
step, 120 epochs with rates that halve every 20. As that code has it, and not
the seed's equations, the generator minimises cross-entropy against real
labels, which is the non-saturating form, and the KL is a mean over the 128
dimensions of the context, which here is a sum of weight 1/128. Stories are
shape stories by default: of the paper's CLEVR-SV renderings only the sample
that `tfstory/datasets/clevr_sv` reads can be had. Hours an epoch without a
GPU.
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
    stage.loss = "non_saturating"
    stage.loss_weights.kl_loss = 1.0 / config.model.context_size
    stage.loss_weights.l1_loss = 0.0
    return config
