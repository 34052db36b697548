"""StoryReasoning on African Storybook: illustrated children's books.

239 books are few: captions overfit after a few epochs, so the best
validation epoch is kept.

  make pipeline CONFIG=configs/story_reasoning/african_storybook.py \
      DATA_DIR=african_storybook.zip
"""

import ml_collections

from tfstory.systems.story_reasoning import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_few_books_config()
    config.data.dataset = "african_storybook"
    # Every page is a new picture and a new sentence: a model can be a little
    # better than guessing, and the gates only keep a broken one out.
    config.pipeline.gates = {"l1": 0.25, "token_accuracy": 0.1}
    return config
