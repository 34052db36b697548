"""face_gan in the seed document's own form, on CelebA's faces.

A dense generator of rectified and sigmoid units against a maxout
discriminator, with cross-entropy losses: seed document 002, section 3.

  tfstory prepare --dataset=faces --manual_dir=celeba.zip --data_dir=DATA
  tfstory train --config=FILE --workdir=DIR --data_dir=DATA
"""

import ml_collections

from tfstory.systems.face_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    defaults.set_seed_form(config)
    return config
