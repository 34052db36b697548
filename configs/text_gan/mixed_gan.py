"""MixedGan of the seed document: likelihood and policy gradient in one step.

The seed document's perplexity is "nan": it took the logarithm of
probabilities that a softmax had rounded to 0, as policy gradients make them.
Here all losses are made of logits: the logarithm of a softmax is no smaller
than their difference, and finite. The discriminator's reward has no logarithm,
gradients are no longer than 5, and a loss or weight that is not finite would
stop the run.

  tfstory prepare --dataset=ptb --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/text_gan/mixed_gan.py \
      --workdir=runs/mixed_gan --data_dir=data

Supervision that fades: --config.stages.adversarial.last_likelihood_weight=0.0
"""

import ml_collections

from tfstory.systems.text_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_ptb_policy_config()
    stage = config.stages.adversarial
    stage.batch_size = 20
    stage.set_size = 20
    # To one of the discriminator: ten epochs are seven and a half passes over
    # the data for the policy, where a step of each would be five.
    stage.policy_steps = 3
    # As much as 1 would be with a mean of the discriminator's words in place
    # of their discounted sum, whose weights add up to 1 / (1 - 0.9).
    stage.likelihood_weight = 10.0
    stage.last_likelihood_weight = 10.0
    stage.cosine_decay = True
    stage.keep_best = "perplexity"
    return config
