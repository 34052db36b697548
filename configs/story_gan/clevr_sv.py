"""StoryGAN on CLEVR-SV: four frames, an object more in each.

Trained on stories drawn in CLEVR-SV's manner and half of the published ones;
the other half validates and tests.
"""

import ml_collections

from tfstory.systems.story_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_attention_config()
    config.data.dataset = "clevr_sv"
    config.data.frames = 4
    config.data.max_tokens = 60
    config.data.builder.drawn_stories = 4_000
    # 96 stories are published: tenths of them would measure little.
    config.data.builder.held_out_share = 0.25
    config.stages.reconstruction.epochs = 20
    config.stages.adversarial.epochs = 4
    config.stages.adversarial.keep_best = "ssim"
    config.pipeline.gates = {"ssim": 0.5}
    return config
