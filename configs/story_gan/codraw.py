"""StoryGAN on CoDraw: the canvas of a drawing dialogue, turn by turn."""

import ml_collections

from tfstory.systems.story_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "codraw"
    config.data.max_tokens = 40
    config.data.vocabulary_size = 2_000
    config.pipeline.gates = {"ssim": 0.4}
    return config
