"""StoryReasoning on the seed's own data set, from its Parquet files.

52,016 frames of 4,178 stories do not fit in memory decoded at once with what
training needs on a small machine: they are read anew every epoch.

  make pipeline CONFIG=configs/story_reasoning/story_reasoning.py \
      DATA_DIR=FOLDER_OF_PARQUET_FILES
"""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "story_reasoning"
    config.data.max_tokens = 100
    config.data.vocabulary_size = 10_000
    config.training.cache = False
    config.stages.sequence.keep_best = "perplexity"
    config.pipeline.gates = {"l1": 0.25, "token_accuracy": 0.1}
    return config
