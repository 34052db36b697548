"""PretrainGan of the seed document: an epoch of likelihood, then PolicyGan.

The discriminator begins with real against random sentences of that policy.

  tfstory prepare --dataset=ptb --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/text_gan/pretrain_gan.py \
      --workdir=runs/pretrain_gan --data_dir=data
"""

import ml_collections

from tfstory.systems.text_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_ptb_policy_config()
    config.stages.likelihood.epochs = 1
    config.stages.discriminator.epochs = 1
    # A policy that is right already is put right, not taught.
    config.stages.adversarial.policy_learning_rate = 1e-4
    config.stages.adversarial.keep_best = "perplexity"
    return config
