"""GaussianGan as seed document 002, section 2, has it.

The generator collapses: see RESULTS.md. Discriminator pre-training, section
2.3, by iterations:
  --config.stages.pretraining.epoch_steps=1000 [...pretraining.epochs=100]

  tfstory train --config=configs/gaussian_gan/seed.py --workdir=runs/gaussian
"""

import ml_collections

from tfstory.systems.gaussian_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    return defaults.get_config()
