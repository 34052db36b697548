"""PolicyGan with the seed document's settings, to see it collapse.

A step each of policy and discriminator, both at Adam's first rate, nothing
that keeps the policy looking around: within an epoch the discriminator is
right about everything, and the policy writes one sentence (see RESULTS.md).
`policy_gan.py` learns.

  tfstory prepare --dataset=ptb --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/text_gan/policy_gan_seed.py \
      --workdir=runs/policy_gan_seed --data_dir=data
"""

import ml_collections

from tfstory.systems.text_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    return defaults.get_ptb_policy_config()
