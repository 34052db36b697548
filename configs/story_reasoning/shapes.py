"""StoryReasoning on the built-in shape stories."""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    # Copying the last frame has an L1 of 0.015.
    config.pipeline.gates = {
        "l1": 0.015,
        "token_accuracy": 0.8,
        "decided_token_accuracy": 0.95,
    }
    config.pipeline.better_than_baselines = ("l1", "ssim")
    return config
