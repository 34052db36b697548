"""StoryReasoning on African Storybook: illustrated children's books.

239 books are few: captions overfit after a few epochs, so the best
validation epoch is kept.
"""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "african_storybook"
    config.data.max_tokens = 60
    config.data.vocabulary_size = 3_000
    return config
