"""face_gan on your own pictures: any folder or zip archive of them.

The middle square of each is brought to 64 pixels.

  tfstory prepare --dataset=picture_folder --manual_dir=PICTURES --data_dir=DATA
  tfstory train --config=FILE --workdir=DIR --data_dir=DATA
"""

import ml_collections

from tfstory.systems.face_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "picture_folder"
    # Wide: what your pictures allow, you know best.
    config.pipeline.gates = {"energy_random_convolutions": 3.0}
    return config
