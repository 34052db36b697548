"""SeqGAN on a small oracle: 500 tokens, a quarter of the filters.

For trying things: nothing is needed, and it ends in about five minutes on a
core. Its schedule is not tuned.

  tfstory train --config=configs/seq_gan/small_oracle.py --workdir=runs/small
"""

import ml_collections

from tfstory.systems.policy import baselines
from tfstory.systems.seq_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.builder.vocabulary_size = 500
    config.model.discriminator_divisor = 4
    config.reward.baseline = baselines.BATCH
    stages = config.stages
    stages.likelihood.epochs = 20
    stages.likelihood.keep_best = "perplexity"
    stages.discriminator.epochs = 1
    stages.discriminator.epoch_steps = 468
    for stage in (stages.discriminator, stages.adversarial):
        stage.discriminator_learning_rate = 1e-3
    # Ten rounds an epoch, each a step of the policy and 15 of the other.
    stages.adversarial.epochs = 10
    stages.adversarial.epoch_steps = 160
    stages.adversarial.set_size = 320
    stages.adversarial.policy_learning_rate = 3e-3
    return config
