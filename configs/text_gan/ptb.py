"""A language model of the seed document's size with what helps it, on PTB.

Test perplexity 101.7, in an hour and a half on one core. Its embedding is its
output layer, and dropout keeps it from learning the training data by heart.

  tfstory prepare --dataset=ptb --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/text_gan/ptb.py --workdir=runs/ptb \
      --data_dir=data
"""

import ml_collections

from tfstory.systems.text_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_ptb_config()
    config.model.discriminator = "none"
    config.model.noise = 0.0
    config.model.tied = True
    config.model.dropout = 0.3
    stage = config.stages.likelihood
    stage.epochs = 20
    stage.learning_rate = 2e-3
    stage.cosine_decay = True
    stage.keep_best = "perplexity"
    return config
