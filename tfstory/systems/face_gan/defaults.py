"""Every setting of face_gan, with the modern convolutional form's values."""

import ml_collections

from tfstory import augment
from tfstory.losses import adversarial
from tfstory.systems import defaults as shared

DENSE = "dense"
CONVOLUTIONAL = "convolutional"


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/face_gan` change."""
    config = ml_collections.ConfigDict()
    config.system = "face_gan"
    config.seed = 0

    config.data = shared.data("faces")
    config.data.image_size = 64
    config.data.builder.size = config.data.get_ref("image_size")

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
    # Of the moving average of the generator's weights that pictures are drawn
    # with, after a beginning in which it grows; 0 draws with the newest ones.
    config.model.ema_decay = 0.998

    config.stages = ml_collections.ConfigDict()
    config.stages.adversarial = ml_collections.ConfigDict(
        dict(
            epochs=17,
            batch_size=16,
            generator_learning_rate=3e-4,
            discriminator_learning_rate=3e-4,
            # Adam's decay of the mean gradient.
            beta_1=0.5,
            loss=adversarial.NON_SATURATING,
            # Steps of each player for one batch of real pictures.
            discriminator_steps=1,
            generator_steps=1,
            # Of the penalty R1, which is taken for every n-th batch; 0 takes
            # none.
            r1_weight=0.05,
            r1_every=8,
            augmentation=(augment.COLOR, augment.TRANSLATION),
            keep_best="",
        )
    )

    config.evaluation = ml_collections.ConfigDict()
    # An .h5 file of InceptionV3 without its top, as keras.applications loads
    # it: Frechet distances in its features too.
    config.evaluation.inception_weights = ""

    config.training = shared.training()
    energy = "energy_random_convolutions"
    config.pipeline = shared.pipeline(
        {energy: 1.0},
        better_than_baselines=(energy,),
        no_worse=(energy,),
        no_worse_tolerance=0.1,
    )
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
    config.model.ema_decay = 0.0
    stage = config.stages.adversarial
    stage.generator_learning_rate = 2e-4
    stage.discriminator_learning_rate = 2e-4
    stage.r1_weight = 0.0
    stage.augmentation = ()
