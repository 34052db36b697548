"""Every setting of face_gan, with the modern convolutional form's values."""

import ml_collections

from tfstory import augment
from tfstory.losses import adversarial

DENSE = "dense"
CONVOLUTIONAL = "convolutional"


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/face_gan` change."""
    config = ml_collections.ConfigDict()
    config.system = "face_gan"
    config.seed = 0

    config.data = ml_collections.ConfigDict()
    config.data.dataset = "faces"
    config.data.image_size = 64
    # Arguments of the dataset's TFDS builder.
    config.data.builder = ml_collections.ConfigDict()
    config.data.builder.size = config.data.get_ref("image_size")
    # At most this many examples of each split; 0 takes all.
    config.data.max_train_examples = 0
    config.data.max_validation_examples = 512
    config.data.max_test_examples = 1024

    config.model = ml_collections.ConfigDict()
    config.model.form = CONVOLUTIONAL
    config.model.latent_size = 64
    # Convolutional: channels at 4 x 4 pixels and after each doubling; the
    # discriminator's from the picture on. Dense: units of each hidden layer.
    config.model.generator_widths = (384, 192, 96, 48, 24)
    config.model.discriminator_widths = (48, 96, 192, 384)
    # Linear maps a maxout unit, in the dense form.
    config.model.maxout_pieces = 5
    config.model.spectral_normalization = True

    config.stages = ml_collections.ConfigDict()
    config.stages.adversarial = ml_collections.ConfigDict(
        dict(
            epochs=17,
            batch_size=16,
            learning_rate=3e-4,
            discriminator_learning_rate=3e-4,
            # Adam's decay of the mean gradient.
            beta_1=0.5,
            loss=adversarial.NON_SATURATING,
            # Steps of each player for one batch of real pictures.
            discriminator_steps=1,
            generator_steps=1,
            # Of the penalty R1, which is taken in every n-th step; 0 takes
            # none.
            r1_weight=0.05,
            r1_every=8,
            augmentation=(augment.COLOR, augment.TRANSLATION),
            # Of the moving average of the generator's weights that pictures
            # are drawn with; 0 draws with the newest weights.
            average_decay=0.998,
            keep_best="",
        )
    )

    config.evaluation = ml_collections.ConfigDict()
    # An .h5 file of InceptionV3 without its top, as keras.applications loads
    # it: Frechet distances in its features too.
    config.evaluation.inception_weights = ""

    config.training = ml_collections.ConfigDict()
    # "auto", or "one_device" to keep to one device where there are several.
    config.training.strategy = "auto"
    config.training.mixed_precision = False
    config.training.xla = False
    config.training.checkpoint_every_steps = 200
    config.training.keep_checkpoints = 2
    # Keep decoded training examples in memory.
    config.training.cache = True
    config.training.shuffle_buffer = 10_000
    # What of these, still encoded, may wait in memory.
    config.training.shuffle_memory_mib = 512

    config.pipeline = ml_collections.ConfigDict()
    # Metric name to the bound that a model must keep to be blessed.
    config.pipeline.gates = ml_collections.ConfigDict(
        dict(energy_random_convolutions=1.0)
    )
    # Metrics whose baselines a model must strictly beat to be blessed.
    config.pipeline.better_than_baselines = ("energy_random_convolutions",)
    # Metrics that may not get worse than the last blessed model's.
    config.pipeline.no_worse = ("energy_random_convolutions",)
    # Share of its value by which such a metric may get worse all the same.
    config.pipeline.no_worse_tolerance = 0.1
    config.pipeline.latency_budget_ms = 500.0
    return config


def set_seed_form(config: ml_collections.ConfigDict) -> None:
    """Sets the form that seed document 002, section 3 describes.

    Dense networks with maxout, rectified and sigmoid units, cross-entropy
    losses, and nothing that has come since. The document names no sizes;
    these suit two cores.
    """
    config.model.form = DENSE
    config.model.latent_size = 100
    config.model.generator_widths = (1200, 1200)
    config.model.discriminator_widths = (128, 64)
    config.model.spectral_normalization = False
    stage = config.stages.adversarial
    stage.learning_rate = 2e-4
    stage.discriminator_learning_rate = 2e-4
    stage.r1_weight = 0.0
    stage.augmentation = ()
    stage.average_decay = 0.0
