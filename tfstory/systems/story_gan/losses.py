"""What StoryGAN's discriminators and generator minimise (seed 000, 1.2).

The seed sums L_Image over the frames; here it is their mean, as for all
losses, so that alpha means the same for stories of any length.
"""

import tensorflow as tf

from tfstory.losses import adversarial
from tfstory.losses.divergence import kl_to_standard_normal
from tfstory.systems import replicas
from tfstory.systems.story_gan.discriminators import (
    ImageDiscriminator,
    StoryDiscriminator,
)
from tfstory.systems.story_gan.model import Reading
from tfstory.systems.story_gan.noise import Noise
from tfstory.systems.story_gan.pairs import Pairs

# Of pictures, so that equal ones have a finite loss.
_LEAST_DISTANCE = 1e-5


def image_discriminator_loss(
    discriminator: ImageDiscriminator,
    pairs: Pairs,
    form: str,
    r1_weight: float,
    training: bool,
) -> replicas.GlobalMean:
    """Returns what the image discriminator minimises.

    Wrong sentences for real pictures are more negatives (Reed et al. 2016,
    "Generative Adversarial Text to Image Synthesis", section 4.2).

    Args:
      discriminator: ImageDiscriminator.
      pairs: Pairs.
      form: see `losses.adversarial`.
      r1_weight: float, of R1; 0 leaves it out.
      training: bool.
    """
    real = pairs.real
    features = discriminator.features(real.pictures, training=training)

    def match(sentences):
        return discriminator.match(
            features, sentences, real.contexts, training=training
        )

    def discriminate(pictures):
        return discriminator(pictures, real.sentences, real.contexts)

    return _discriminator_loss(
        match,
        real.sentences,
        pairs.wrong,
        discriminator(*pairs.fake, training=training),
        form,
        _penalty(discriminate, real.pictures, r1_weight),
    )


def story_discriminator_loss(
    discriminator: StoryDiscriminator,
    pairs: Pairs,
    form: str,
    r1_weight: float,
    training: bool,
) -> replicas.GlobalMean:
    """Returns what the story discriminator minimises.

    Args:
      discriminator: StoryDiscriminator.
      pairs: Pairs, with whole generated stories.
      form, r1_weight, training: as in `image_discriminator_loss`.
    """
    real, sentences = pairs.real_stories, pairs.sentences
    features = discriminator.features(real, training=training)

    def match(sentences):
        return discriminator.match(features, sentences, training=training)

    return _discriminator_loss(
        match,
        sentences,
        pairs.wrong_stories,
        discriminator(pairs.fake_stories, sentences, training=training),
        form,
        _penalty(lambda x: discriminator(x, sentences), real, r1_weight),
    )


def kl_loss(reading: Reading) -> replicas.GlobalMean:
    """Returns the KL of h_0's distribution to the prior, in nats a story."""
    return replicas.weighted_mean(
        kl_to_standard_normal(reading.mean, reading.log_variance)
    )


def generator_loss(logits: tf.Tensor, form: str) -> replicas.GlobalMean:
    """Returns what the generator minimises on a discriminator's logits."""
    return replicas.weighted_mean(adversarial.generator_losses(logits, form))


def mode_seeking_loss(
    noises: tuple[Noise, Noise], painted: tuple[tf.Tensor, tf.Tensor]
) -> replicas.GlobalMean:
    """Returns how far apart two noises are, as a multiple of their pictures.

    Of the same stories; it is large where the generator ignores its noise.
    Mao et al. 2019, "Mode Seeking Generative Adversarial Networks for Diverse
    Image Synthesis" (arXiv:1903.05628), which minimises this inverse of the
    ratio, too. Distances are mean absolute differences.

    Args:
      noises: of the two drawings.
      painted: float `[batch, frames, height, width, 3]` each.
    """
    flat = [
        tf.concat([one.context, *tf.unstack(one.frames, axis=1)], axis=1)
        for one in noises
    ]
    of_noises = tf.reduce_mean(tf.abs(flat[0] - flat[1]), axis=1)
    of_pictures = tf.reduce_mean(
        tf.abs(painted[0] - painted[1]), axis=[1, 2, 3, 4]
    )
    return replicas.weighted_mean(of_noises / (of_pictures + _LEAST_DISTANCE))


def _discriminator_loss(match, sentences, wrong, fake, form, penalty):
    real_losses, fake_losses = adversarial.discriminator_losses(
        match(sentences), fake, form
    )
    mean = replicas.weighted_mean(real_losses)
    negative = replicas.global_mean(fake_losses)
    if wrong is not None:
        _, wrong_losses = adversarial.discriminator_losses(
            fake, match(wrong.sentences), form
        )
        wrong_mean = replicas.weighted_mean(wrong_losses, wrong.weights)
        # The kinds of negatives that there are together weigh as much as the
        # real ones: a batch of one story has no wrong text.
        kinds = 1.0 + tf.cast(wrong_mean.weight > 0, tf.float32)
        negative = (negative + wrong_mean.share) / kinds
    return replicas.GlobalMean(mean.share + negative + penalty, mean.weight)


def _penalty(discriminate, real, weight):
    if not weight:
        return 0.0
    penalties = adversarial.gradient_penalties(discriminate, real)
    return weight * replicas.global_mean(penalties)
