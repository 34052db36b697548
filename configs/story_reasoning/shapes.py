"""StoryReasoning on the built-in shape stories."""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    return defaults.get_config()
