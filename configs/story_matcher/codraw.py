"""The judge of how well generated CoDraw canvases show what is told.

The dialogues are those of `configs/story_gan/codraw.py`.
"""

import ml_collections

from tfstory.systems.story_matcher import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "codraw"
    config.data.max_tokens = 40
    config.data.vocabulary_size = 2_000
    # A window begins in the middle of most dialogues, and much of what it
    # shows was told before: far above chance, far from all.
    config.stages.matching.epochs = 3
    config.pipeline.gates = {"r_precision": 0.3}
    return config
