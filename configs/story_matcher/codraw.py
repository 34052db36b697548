"""The judge of how well generated CoDraw canvases show what is told.

The dialogues are those of `configs/story_gan/codraw.py`.
"""

import ml_collections

from tfstory.systems.story_matcher import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "codraw"
    config.data.frames = 4
    # Dialogues from their beginning alone, where all that is shown was told.
    config.data.stride = 100
    config.data.max_tokens = 40
    config.data.vocabulary_size = 2_000
    config.stages.matching.epochs = 10
    # Ten times chance.
    config.pipeline.gates = {"r_precision": 0.1}
    return config
