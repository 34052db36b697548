"""The judge of generated shape stories.

  tfstory prepare --dataset=shape_scenes --builder.seed=1 --data_dir=DATA
  tfstory train --config=FILE --workdir=DIR --data_dir=DATA
  tfstory export --workdir=DIR --data_dir=DATA --output=JUDGE
  tfstory evaluate --workdir=STORY_GAN_RUN --data_dir=DATA \
      --config.evaluation.attribute_classifier=JUDGE/1
"""

import ml_collections

from tfstory.systems.attribute_classifier import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.builder.image_size = config.data.get_ref("image_size")
    # Not the scenes of the stories that a generator learns from.
    config.data.builder.seed = 1
    return config
