"""Networks, target and z of one GaussianGan."""

import keras
import ml_collections
import tensorflow as tf

from tfstory.systems.gaussian_gan import networks
from tfstory.systems.gaussian_gan.target import POINTS, Target


class GaussianModel:
    """What stages, metrics, signatures and plots share.

    Args:
      config: `config.model` of a run.
      builder: `config.data.builder` of the run.
    """

    def __init__(
        self,
        config: ml_collections.ConfigDict,
        builder: ml_collections.ConfigDict,
    ):
        self.target = Target(builder)
        self.bound = config.latent_bound
        units, scale = config.hidden_units, config.output_scale
        self._scale = scale
        self.generator = networks.Generator(units, scale, "generator")
        self.discriminator = networks.Discriminator(
            units, config.minibatch_kernels, config.minibatch_size
        )
        self.average = None
        if config.ema_decay:
            self.average = networks.Generator(units, scale, "average")
            self.average.set_weights(self.generator.get_weights())

    @property
    def networks(self) -> dict[str, keras.Model]:
        """Name to network."""
        found = {
            "generator": self.generator,
            "discriminator": self.discriminator,
        }
        return found | ({"average": self.average} if self.average else {})

    @property
    def shown(self) -> tuple[float, float]:
        """The interval that plots show: the data, and all that G can reach."""
        low, high = self.target.interval
        return min(low, -self._scale), max(high, self._scale)

    def generate(self, z: tf.Tensor) -> tf.Tensor:
        """Returns what the model in use makes of z, both float32 `[n]`."""
        return (self.average or self.generator)(z)

    def even_z(self, count: int | tf.Tensor) -> tf.Tensor:
        """Returns `count` z, evenly spaced in probability, float32 `[n]`."""
        count = tf.cast(count, tf.float32)
        places = (tf.range(count) + 0.5) / count
        return (2.0 * places - 1.0) * self.bound

    def random_z(self, count: tf.Tensor, seed: tf.Tensor) -> tf.Tensor:
        """Returns `count` z of a stateless seed, float32 `[n]`."""
        return tf.random.stateless_uniform(
            [count], seed, -self.bound, self.bound, alg="philox"
        )

    def quadrature(self) -> tf.Tensor:
        """Returns the generator at `POINTS` even z, float32 `[POINTS]`.

        z has one dimension, so that these stand for all that it generates,
        without the noise of drawing.
        """
        return self.generate(self.even_z(POINTS))

    def decide(
        self, values: tf.Tensor, beside: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Returns the probability of being real of each number.

        Where the discriminator looks at several numbers at once, it depends
        on these, but never on what else is asked.

        Args:
          values: float32 `[n]`.
          beside: float32 `[m]`, whom each is judged beside; None takes even
            draws from the true distribution.

        Returns:
          float32 `[n]`.
        """
        if beside is None:
            beside = tf.constant(self.target.references)
        return tf.sigmoid(self.discriminator(values, beside, first=None))

    def decide_generated(self, generated: tf.Tensor) -> tf.Tensor:
        """Returns the probability of being real, both float32 `[n]`.

        Generated numbers are judged beside each other, as in training.
        """
        return tf.sigmoid(self.discriminator(generated))
