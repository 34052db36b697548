"""What generators and discriminators minimise, on logits.

Goodfellow et al. 2014, "Generative Adversarial Nets", equation 1 (seed
document 002, section 1.1; 000, section 1.2), and the forms that came after.
"""

from collections.abc import Callable

import tensorflow as tf

# What the seed documents write: the generator minimises log(1 - D(G(z))),
# whose gradient vanishes where the discriminator is sure.
MINIMAX = "minimax"
# The same game, but the generator minimises -log D(G(z)).
NON_SATURATING = "non_saturating"
# Lim and Ye 2017, "Geometric GAN".
HINGE = "hinge"
# Arjovsky et al. 2017; the discriminator must be kept smooth by other means.
WASSERSTEIN = "wasserstein"
FORMS = (MINIMAX, NON_SATURATING, HINGE, WASSERSTEIN)


def discriminator_losses(
    real: tf.Tensor, fake: tf.Tensor, form: str
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns what the discriminator minimises.

    Args:
      real: float, logits of real examples, any shape.
      fake: float, logits of generated ones, any shape.
      form: one of `FORMS`.

    Returns:
      Losses of the real and of the generated examples, float32 with the
      shapes of `real` and `fake`.

    Raises:
      ValueError: there is no such form.
    """
    real, fake = tf.cast(real, tf.float32), tf.cast(fake, tf.float32)
    if form in (MINIMAX, NON_SATURATING):
        return tf.nn.softplus(-real), tf.nn.softplus(fake)
    if form == HINGE:
        return tf.nn.relu(1.0 - real), tf.nn.relu(1.0 + fake)
    if form == WASSERSTEIN:
        return -real, fake
    raise _unknown(form)


def generator_losses(fake: tf.Tensor, form: str) -> tf.Tensor:
    """Returns what the generator minimises.

    Args:
      fake: float, logits of generated examples, any shape.
      form: one of `FORMS`.

    Returns:
      float32, the shape of `fake`.

    Raises:
      ValueError: there is no such form.
    """
    fake = tf.cast(fake, tf.float32)
    if form == MINIMAX:
        return -tf.nn.softplus(fake)
    if form == NON_SATURATING:
        return tf.nn.softplus(-fake)
    if form in (HINGE, WASSERSTEIN):
        return -fake
    raise _unknown(form)


def gradient_penalties(
    discriminate: Callable[[tf.Tensor], tf.Tensor], real: tf.Tensor
) -> tf.Tensor:
    """Returns R1: half the squared gradient of the logits at real examples.

    Mescheder et al. 2018, "Which Training Methods for GANs do actually
    Converge?", equation 9 without its weight gamma. The mean over the batch
    is what the discriminator minimises besides its losses.

    Args:
      discriminate: examples to logits, float `[batch, ...]`; an example's
        logits must depend on no other example.
      real: float `[batch, ...]`.

    Returns:
      float32 `[batch]`.
    """
    with tf.GradientTape() as tape:
        tape.watch(real)
        logits = discriminate(real)
    gradients = tf.cast(tape.gradient(logits, real), tf.float32)
    axes = list(range(1, len(gradients.shape)))
    return 0.5 * tf.reduce_sum(tf.square(gradients), axis=axes)


def _unknown(form: str) -> ValueError:
    return ValueError(
        f"there is no adversarial loss {form!r}; choose one of "
        f"{', '.join(FORMS)}"
    )
