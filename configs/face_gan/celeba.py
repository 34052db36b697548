"""face_gan in its modern form, on CelebA's faces.

Convolutions with spectral normalisation, the penalty R1, differentiable
augmentation and a moving average of the generator.

  tfstory prepare --dataset=faces --manual_dir=celeba.zip --data_dir=DATA
  tfstory train --config=FILE --workdir=DIR --data_dir=DATA

With `--config.data.dataset=celeb_a` TFDS downloads all 202,599 faces.
"""

import ml_collections

from tfstory.systems.face_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    return defaults.get_config()
