"""StoryReasoning on your own stories: `stories.jsonl` beside the pictures."""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "story_folder"
    config.data.max_tokens = 60
    config.data.vocabulary_size = 3_000
    config.stages.autoencoder.epochs = 30
    config.stages.autoencoder.keep_best = "autoencoder_l1"
    config.stages.sequence.epochs = 12
    config.stages.sequence.keep_best = "perplexity"
    # Wide: what your stories allow, you know best.
    config.pipeline.gates = {"l1": 0.3, "token_accuracy": 0.05}
    return config
