"""The judge of generated CLEVR-SV stories.

  tfstory prepare --dataset=clevr_scenes --data_dir=DATA
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
    config.data.dataset = "clevr_scenes"
    # Drawn scenes look alike, and there are fewer of them than of shapes'.
    config.stages.classification.epochs = 12
    # Cameras differ a little, so that of 100 objects 8 are seen in the cell
    # beside the one where they are told to be.
    config.pipeline.gates.shape_accuracy = 0.7
    return config
