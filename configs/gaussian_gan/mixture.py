"""GaussianGan with the remedies, on a mixture of three Gaussians.

tfstory train --config=configs/gaussian_gan/mixture.py --workdir=runs/mixture
"""

import ml_collections

from tfstory.systems.gaussian_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_remedy_config()
    config.data.builder.means = (-3.0, 0.0, 3.0)
    config.data.builder.variances = (0.25, 0.25, 0.25)
    config.data.builder.weights = (1.0, 1.0, 1.0)
    config.pipeline.gates.modes_hit = 1.0
    # Six units cannot leave the gaps empty: see RESULTS.md.
    config.pipeline.gates.ks = 0.12
    return config
