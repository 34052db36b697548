"""StoryGAN on CLEVR-SV: four frames, an object more in each."""

import ml_collections

from tfstory.systems.story_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_attention_config()
    config.data.dataset = "clevr_sv"
    config.data.frames = 4
    config.data.max_tokens = 60
    # Hundreds of stories, not thousands: many passes.
    config.stages.reconstruction.epochs = 60
    config.stages.adversarial.epochs = 20
    config.stages.adversarial.keep_best = "ssim"
    config.pipeline.gates = {"ssim": 0.5}
    return config
