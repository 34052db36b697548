"""ORGAN on folk melodies: rewarded for sounding well, and for sounding real.

`tonality`, `melodicity` or `ratio_of_steps` are what the seed document
rewards; lambda is config.reward.discriminator_share: 0 is naive RL, and 1
SeqGAN, with --config.reward.punish_repeats=False, as there is no objective.
At the published 0.6 songs stay close to the data; at 0.2 the objective rises
several times as fast, and songs are less diverse.

  tfstory prepare --dataset=melodies --manual_dir=DIR --data_dir=data
  tfstory train --config=configs/seq_gan/melodies.py --workdir=runs/melodies \
      --data_dir=data
  tfstory generate --workdir=runs/melodies --midi=songs
"""

import ml_collections

from tfstory.systems.policy import baselines
from tfstory.systems.seq_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.dataset = "melodies"
    config.model.embedding_size = 64
    config.model.units = 128
    config.model.discriminator_divisor = 2
    config.reward.objectives = ("melodicity",)
    config.reward.discriminator_share = 0.6
    config.reward.baseline = baselines.BATCH
    config.reward.punish_repeats = True
    config.evaluation.samples = 6_400
    # Folk melodies are alike: the data have 0.23.
    config.pipeline.gates.diversity = 0.1
    stages = config.stages
    stages.likelihood.epochs = 40
    stages.likelihood.learning_rate = 2e-3
    stages.likelihood.cosine_decay = True
    stages.likelihood.keep_best = "perplexity"
    stages.discriminator.epochs = 1
    stages.discriminator.epoch_steps = 500
    # Ten rounds an epoch, each a step of the policy and five of the other.
    stages.adversarial.epochs = 6
    stages.adversarial.epoch_steps = 60
    stages.adversarial.policy_learning_rate = 1e-3
    stages.adversarial.roll_out_decay = 0.0
    for stage in (stages.discriminator, stages.adversarial):
        stage.discriminator_learning_rate = 1e-3
        stage.set_size = 64
        stage.passes = 5
    return config
