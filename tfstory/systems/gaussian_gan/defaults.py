"""Every setting of GaussianGan, with the seed document's values."""

import ml_collections

from tfstory.losses import adversarial
from tfstory.systems import defaults as shared


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/gaussian_gan` change."""
    config = ml_collections.ConfigDict()
    config.system = "gaussian_gan"
    config.seed = 0

    config.data = shared.data("gaussians")
    # Means, variances and weights of the components, numbers of each split,
    # seed.
    config.data.builder = ml_collections.ConfigDict(
        dict(
            seed=0,
            means=(0.0,),
            variances=(1.0,),
            weights=(1.0,),
            train_examples=45_000,
            # As many batches as `steps_per_execution` has: more steps than
            # divide both an epoch and a validation are not run at once.
            validation_examples=5_000,
            test_examples=10_000,
        )
    )
    config.data.max_validation_examples = 0
    config.data.max_test_examples = 0

    config.model = ml_collections.ConfigDict()
    config.model.hidden_units = (6, 5)
    # The generator's output is this times a tanh.
    config.model.output_scale = 5.0
    # z is uniform on [-latent_bound, latent_bound].
    config.model.latent_bound = 5.0
    # Minibatch discrimination: outputs of the layer, 0 for none, and numbers
    # that each of their distances sums over.
    config.model.minibatch_kernels = 0
    config.model.minibatch_size = 1
    # Decay of the moving average of the generator's weights, from the first
    # step on, which is then what generates; 0 for none.
    config.model.ema_decay = 0.0

    config.stages = ml_collections.ConfigDict()
    # The discriminator alone, epochs * epoch_steps iterations; without any
    # there is no such stage.
    config.stages.pretraining = ml_collections.ConfigDict(
        dict(
            epochs=1,
            epoch_steps=0,
            batch_size=200,
            steps_per_execution=25,
            optimizer="sgd",
            learning_rate=0.01,
            momentum=0.6,
            cosine_decay=False,
            keep_best="",
        )
    )
    config.stages.adversarial = ml_collections.ConfigDict(
        dict(
            epochs=20,
            epoch_steps=225,
            # Samples of one step of the discriminator or the generator.
            batch_size=200,
            steps_per_execution=25,
            loss=adversarial.MINIMAX,
            # Steps of each an iteration.
            discriminator_steps=1,
            generator_steps=1,
            # "sgd", or "adam", whose first moment decays by `momentum`.
            optimizer="sgd",
            learning_rate=0.01,
            momentum=0.6,
            cosine_decay=False,
            # Weight of the gradient penalty R1.
            r1_weight=0.0,
            keep_best="",
        )
    )

    config.training = shared.training()
    config.training.checkpoint_every_steps = 1_000
    config.training.shuffle_buffer = 45_000
    config.pipeline = shared.pipeline(
        dict(ks=0.05, deviation_error=0.1),
        better_than_baselines=("ks", "wasserstein"),
        latency_budget_ms=100.0,
    )
    return config


def get_remedy_config() -> ml_collections.ConfigDict:
    """Returns the seed's networks with remedies for the collapse."""
    config = get_config()
    # Section 2.2 names it: the discriminator sees a spike for what it is.
    config.model.minibatch_kernels = 3
    config.model.ema_decay = 0.998
    stage = config.stages.adversarial
    stage.loss = adversarial.NON_SATURATING
    stage.optimizer = "adam"
    stage.learning_rate = 0.01
    stage.momentum = 0.5
    stage.cosine_decay = True
    return config
