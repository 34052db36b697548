"""Settings that the systems with a policy over tokens share."""

import ml_collections

from tfstory.losses import adversarial
from tfstory.systems import defaults as shared
from tfstory.systems.policy import baselines, rewards

# Learning rate of Adam, with TensorFlow's defaults.
_RATE = 1e-3


def get_config() -> ml_collections.ConfigDict:
    """Returns what `text_gan` and `seq_gan` begin with."""
    config = ml_collections.ConfigDict()
    config.seed = 0

    config.model = ml_collections.ConfigDict()
    # "gru" or "lstm".
    config.model.cell = "gru"
    config.model.embedding_size = 200
    config.model.units = 200
    config.model.dropout = 0.0
    # Whether the output layer has the embedding's weights; sizes are alike.
    config.model.tied = False
    # Standard deviation of all first weights; 0 takes Keras's own.
    config.model.deviation = 0.0
    # Standard deviation of z, the policy's first state; 0 begins with zeros.
    # Held-out sequences are judged without.
    config.model.noise = 0.0
    # "gru", which judges at every step, "convolution" or "none".
    config.model.discriminator = "gru"
    config.model.discriminator_embedding_size = 200
    # Of the GRU.
    config.model.discriminator_units = 200
    # Of the convolutions: what the published numbers of filters are divided
    # by; those longer than the sequences are left out.
    config.model.discriminator_divisor = 1
    # Of the convolutions, too.
    config.model.discriminator_dropout = 0.25

    config.reward = ml_collections.ConfigDict()
    # "steps": the discriminator's word on each beginning, discounted and
    # added up. "roll_outs": its word on whole sequences, of `roll_outs` ways
    # in which each beginning might go on.
    config.reward.form = rewards.STEPS
    # With "steps": of what later tokens earn.
    config.reward.discount = 0.9
    # With "steps" and a learned baseline: steps looked ahead; 0 looks at all.
    config.reward.n_steps = 0
    # With "roll_outs": ways from each beginning.
    config.reward.roll_outs = 16
    # "none", "batch" or "learned".
    config.reward.baseline = baselines.BATCH
    # ORGAN's lambda; the rest is the objectives'.
    config.reward.discriminator_share = 1.0
    # Names of `tfstory.objectives`, and "bleu" (BLEU-2 against training data).
    config.reward.objectives = ()
    # As many; none weighs all alike.
    config.reward.objective_weights = ()
    # Policy steps for which each objective rewards alone, in turn; 0 adds
    # them up.
    config.reward.steps_a_turn = 0
    # Dotted names of modules with objectives of one's own.
    config.reward.objective_modules = ()
    # Divide an objective's reward by the copies of a sequence in the batch.
    config.reward.punish_repeats = False
    # Training sequences that "bleu" compares with.
    config.reward.bleu_references = 2_000

    config.stages = ml_collections.ConfigDict()
    # No epochs leave a stage out, but one there must be.
    config.stages.likelihood = ml_collections.ConfigDict(
        dict(
            epochs=1,
            batch_size=64,
            learning_rate=_RATE,
            cosine_decay=False,
            clip_norm=5.0,
            # Share of the policy's own tokens that it is told at the end.
            scheduled_sampling=0.0,
            keep_best="",
        )
    )
    # The discriminator alone.
    config.stages.discriminator = _of_the_discriminator()
    config.stages.adversarial = _adversarial()

    config.evaluation = ml_collections.ConfigDict()
    # Sequences that are generated for BLEU and its like.
    config.evaluation.samples = 2_000
    # At which they, and those of every epoch's metrics, are written.
    config.evaluation.temperature = 1.0
    # An oracle's .npz file, or the pickle published with SeqGAN, where the data
    # are not a random oracle's.
    config.evaluation.oracle = ""

    config.training = shared.training()
    config.training.checkpoint_every_steps = 500
    return config


def alone(stages: ml_collections.ConfigDict) -> ml_collections.ConfigDict:
    """Returns the discriminator's stage as rounds without a policy step.

    Args:
      stages: `config.stages` of the run.
    """
    return ml_collections.ConfigDict(
        {
            **stages.adversarial,
            **stages.discriminator,
            "policy_steps": 0,
            "discriminator_sets": 1,
        }
    )


def _of_the_discriminator() -> ml_collections.ConfigDict:
    return ml_collections.ConfigDict(
        dict(
            epochs=0,
            # Steps of an epoch; 0 takes a pass over the data.
            epoch_steps=0,
            batch_size=64,
            discriminator_learning_rate=_RATE,
            clip_norm=5.0,
            # Generated sequences, in whole batches, which the discriminator
            # sees k times.
            set_size=64,
            passes=1,
            # "non_saturating", the cross-entropy, or "wasserstein", whose
            # critic is read like a logit, though nothing but its small weights
            # keeps 0 between true and generated: its accuracy says little.
            discriminator_loss=adversarial.NON_SATURATING,
            # Weight of the discriminator's regularisation.
            discriminator_l2=0.0,
            # Largest weight of a Wasserstein discriminator; 0 without one.
            weight_limit=0.0,
            keep_best="",
        )
    )


def _adversarial() -> ml_collections.ConfigDict:
    stage = _of_the_discriminator()
    stage.update(
        # A round of algorithm 1: g-steps, and d-steps with a set each.
        policy_steps=1,
        discriminator_sets=1,
        policy_learning_rate=_RATE,
        # Whether the policy's rate falls along a cosine to nothing.
        cosine_decay=False,
        # With "roll_outs": what stays of the roll-out policy after a round.
        roll_out_decay=0.0,
        # Weight of the data's likelihood in the policy's loss, at first and at
        # last: it changes evenly, and by default fades.
        likelihood_weight=0.0,
        last_likelihood_weight=0.0,
        # Weight of the policy's entropy, which is raised: it keeps a policy
        # from choosing few tokens alone.
        entropy_weight=0.0,
    )
    return stage
