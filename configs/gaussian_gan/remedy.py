"""GaussianGan's networks with what keeps them from collapsing.

tfstory train --config=configs/gaussian_gan/remedy.py --workdir=runs/remedy
"""

import ml_collections

from tfstory.systems.gaussian_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    return defaults.get_remedy_config()
