"""StoryGAN on the built-in shape stories."""

import ml_collections

from tfstory.systems.story_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.pipeline.gates = {"ssim": 0.6}
    config.pipeline.better_than_baselines = (
        "ssim_mean_picture",
        "ssim_random_story",
        "l1_mean_picture",
        "l1_random_story",
    )
    return config
