"""PolicyGan of the seed document: no sentence is ever shown to the policy.

  tfstory prepare --dataset=ptb --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/text_gan/policy_gan.py \
      --workdir=runs/policy_gan --data_dir=data
"""

import ml_collections

from tfstory.systems.text_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    return defaults.get_ptb_policy_config()
