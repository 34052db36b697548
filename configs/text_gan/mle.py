"""The seed document's baseline: its generator by maximum likelihood, on PTB.

Test perplexity 121.5; the ten epochs take about half an hour on two cores.

  tfstory prepare --dataset=ptb --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/text_gan/mle.py --workdir=runs/mle \
      --data_dir=data
"""

import ml_collections

from tfstory.systems.text_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_ptb_config()
    config.model.discriminator = "none"
    config.stages.likelihood.epochs = 10
    # The rate falls to nothing: without it, the last epochs unlearn.
    config.stages.likelihood.cosine_decay = True
    config.stages.likelihood.keep_best = "perplexity"
    return config
