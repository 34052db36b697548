"""PolicyGan of the seed document: no sentence is ever shown to the policy.

A discriminator that is right about everything teaches nothing, and a policy
that is sure of itself finds nothing: here the one learns slowly, a step in
five, and entropy keeps the other looking around.

  tfstory prepare --dataset=ptb --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/text_gan/policy_gan.py \
      --workdir=runs/policy_gan --data_dir=data
"""

import ml_collections

from tfstory.systems.text_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_ptb_policy_config()
    stage = config.stages.adversarial
    stage.policy_steps = 4
    stage.policy_learning_rate = 3e-3
    stage.discriminator_learning_rate = 1e-4
    stage.entropy_weight = 0.2
    stage.keep_best = "perplexity"
    return config
