"""A policy and its discriminator on your own text, a sentence a line.

  tfstory prepare --dataset=text_lines --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/text_gan/text_lines.py \
      --workdir=runs/text --data_dir=data
"""

import ml_collections

from tfstory.systems.text_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.model.dropout = 0.3
    stages = config.stages
    stages.likelihood.epochs = 10
    stages.likelihood.cosine_decay = True
    stages.likelihood.keep_best = "perplexity"
    stages.discriminator.epochs = 1
    stages.adversarial.epochs = 1
    stages.adversarial.policy_learning_rate = 1e-4
    # Beside the discriminator the data go on teaching.
    stages.adversarial.likelihood_weight = 1.0
    stages.adversarial.last_likelihood_weight = 1.0
    return config
