"""StoryReasoning on your own stories: `stories.jsonl` beside the pictures."""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "story_folder"
    config.data.max_tokens = 60
    config.data.vocabulary_size = 3_000
    return config
