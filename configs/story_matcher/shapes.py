"""The judge of how well generated shape stories show what is told.

  tfstory train --config=FILE --workdir=DIR --data_dir=DATA
  tfstory export --workdir=DIR --data_dir=DATA --output=JUDGE
  tfstory evaluate --workdir=STORY_GAN_RUN --data_dir=DATA \
      --config.evaluation.story_matcher=JUDGE/1

The stories are those of `configs/story_gan/shapes.py`.
"""

import ml_collections

from tfstory.systems.story_matcher import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.builder.described = True
    config.data.builder.train_stories = 24_000
    # Stories from their beginning alone, where the scene is described.
    config.data.stride = 8
    config.data.max_tokens = 88
    return config
