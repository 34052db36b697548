"""Every setting of SeqGan, with the published values."""

import ml_collections

from tfstory.systems import defaults as shared
from tfstory.systems.policy import baselines, rewards
from tfstory.systems.policy import defaults as policy


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/seq_gan` change.

    Yu et al. 2017 (arXiv:1609.05473) and their code: an LSTM of 32 units
    whose weights begin at N(0, 0.1), the convolutions of Zhang and LeCun,
    roll-outs from each beginning, no baseline. Unlike that code a batch of the
    discriminator has 64 sequences of each kind, not of both together; its L2 is
    on one logit, where the same weight counts twice; its gradient is clipped,
    too; and the policy's loss is a mean over tokens, which the same clipping
    hardly ever touches.
    """
    config = policy.get_config()
    config.system = "seq_gan"

    config.data = shared.data("oracle_sequences")
    config.data.max_validation_examples = 1_000
    config.data.max_test_examples = 10_000

    config.model.cell = "lstm"
    config.model.embedding_size = 32
    config.model.units = 32
    config.model.deviation = 0.1
    config.model.discriminator = "convolution"
    config.model.discriminator_embedding_size = 64

    config.reward.form = rewards.ROLL_OUTS
    config.reward.baseline = baselines.NONE

    stages = config.stages
    stages.likelihood.epochs = 120
    stages.likelihood.learning_rate = 1e-2
    stages.adversarial.policy_learning_rate = 1e-2
    stages.adversarial.roll_out_decay = 0.8
    for stage in (stages.discriminator, stages.adversarial):
        stage.discriminator_learning_rate = 1e-4
        stage.discriminator_l2 = 0.2
        stage.set_size = 10_000
        stage.passes = 3

    config.pipeline = shared.pipeline(
        dict(diversity=0.5),
        better_than_baselines=("perplexity",),
        no_worse=("perplexity",),
        no_worse_tolerance=0.05,
    )
    return config


def get_published_oracle_config() -> ml_collections.ConfigDict:
    """Returns the setting of the published oracle, a file.

    A policy that has seen 10,000 sequences of it is worse than chance on
    others, so the oracle judges what it writes: chance has 11.4 nats.
    """
    config = get_config()
    config.data.builder.oracle = "file"
    config.pipeline.gates.nll_oracle = 10.0
    config.pipeline.better_than_baselines = ("nll_oracle_uniform",)
    config.pipeline.no_worse = ("nll_oracle",)
    return config
