"""Two encoders into one space: pictures, and the text told up to them."""

from collections.abc import Sequence

import keras
import ml_collections
import numpy as np
import tensorflow as tf

from tfstory import pictures
from tfstory.layers import convolutions
from tfstory.layers.normalization import normalization
from tfstory.layers.sentence_encoder import SentenceEncoder
from tfstory.systems import replicas, weights

_FIRST_TEMPERATURE = 0.07
_LARGEST_SCALE = 100.0


class PictureEncoder(keras.Model):
    """A picture to a vector of length one.

    The last map goes in whole, so that it matters where things stand.

    Args:
      widths: channels of the convolutions, each of which halves the map.
      size: int, of the vector.
    """

    def __init__(self, widths: Sequence[int], size: int):
        super().__init__(name="picture_encoder")
        self._blocks = [
            [
                convolutions.Conv2D(
                    width, 4, strides=2, padding="same", use_bias=False
                ),
                normalization("batch"),
            ]
            for width in widths
        ]
        self._flat = keras.layers.Flatten()
        self._vector = keras.layers.Dense(size, dtype="float32")

    def call(self, shown: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Looks at pictures.

        Args:
          shown: float `[n, height, width, 3]` in [0, 1].
          training: bool.

        Returns:
          float32 `[n, size]`.
        """
        x = tf.cast(2.0 * shown - 1.0, self.compute_dtype)
        for convolution, norm in self._blocks:
            x = tf.nn.relu(norm(convolution(x), training=training))
        return tf.math.l2_normalize(self._vector(self._flat(x)), axis=-1)


class TextEncoder(keras.Model):
    """The text told up to each frame to a vector of length one.

    Args:
      vocabulary_size: int.
      config: `config.model` of a run.
    """

    def __init__(self, vocabulary_size: int, config: ml_collections.ConfigDict):
        super().__init__(name="text_encoder")
        self.sentence_encoder = SentenceEncoder(
            vocabulary_size,
            config.embedding_size,
            config.sentence_size,
            config.sentence_encoder,
        )
        # cuDNN's kernels in an export would run on no CPU server.
        self._gru = keras.layers.GRU(
            config.units, return_sequences=True, use_cudnn=False
        )
        self._vector = keras.layers.Dense(config.joint_size, dtype="float32")

    def call(self, tokens: tf.Tensor) -> tf.Tensor:
        """Reads stories; what comes later changes nothing before it.

        Args:
          tokens: int32 `[batch, frames, length]`.

        Returns:
          float32 `[batch, frames, size]`.
        """
        so_far = self._gru(self.sentence_encoder(tokens).vectors)
        return tf.math.l2_normalize(self._vector(so_far), axis=-1)


class Temperature(keras.layers.Layer):
    """How sharply similarities tell texts apart; learnt.

    Radford et al. 2021, "CLIP", section 2.5: its logarithm is learnt, and it
    scales by no more than 100.
    """

    def __init__(self):
        # Under float16 too, steps of the logarithm are small.
        super().__init__(name="temperature", dtype="float32")
        self.log_scale = self.add_weight(
            name="log_scale",
            shape=(),
            initializer=keras.initializers.Constant(
                -np.log(_FIRST_TEMPERATURE)
            ),
        )
        self.built = True

    def call(self, similarities: tf.Tensor) -> tf.Tensor:
        """Returns logits of similarities from -1 to 1, float32 `[...]`."""
        return tf.exp(tf.convert_to_tensor(self.log_scale)) * similarities

    def keep_in_bounds(self) -> None:
        """Takes the scale back to its bound; after each step."""
        scale = self.log_scale.value
        replicas.update(
            [scale],
            lambda _, value: tf.minimum(value, np.log(_LARGEST_SCALE)),
            [scale],
        )


class Matcher:
    """Both encoders and their temperature, built.

    Args:
      config: `config.model` of a run.
      image_size: int, pixels.
      vocabulary_size: int, ids.
      length: int, tokens a sentence.
    """

    def __init__(
        self,
        config: ml_collections.ConfigDict,
        image_size: int,
        vocabulary_size: int,
        length: int,
    ):
        self.picture_encoder = PictureEncoder(config.widths, config.joint_size)
        self.text_encoder = TextEncoder(vocabulary_size, config)
        self.temperature = Temperature()
        self.pictures(tf.zeros([1, 1, image_size, image_size, 3], tf.uint8))
        self.texts(tf.zeros([1, 1, length], tf.int32))

    @property
    def networks(self) -> dict[str, keras.layers.Layer]:
        """Name to network."""
        return {
            "picture_encoder": self.picture_encoder,
            "text_encoder": self.text_encoder,
            "temperature": self.temperature,
        }

    @property
    def trainable_variables(self) -> list[keras.Variable]:
        """What training changes."""
        return weights.trainable(self.networks.values())

    def pictures(self, images: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Returns the vectors of pictures.

        Args:
          images: uint8 `[batch, frames, height, width, 3]`.
          training: bool.

        Returns:
          float32 `[batch, frames, joint_size]`, of length one.
        """
        flat = tf.reshape(images, [-1, *images.shape[2:]])
        vectors = self.picture_encoder(
            pictures.to_unit(flat), training=training
        )
        shape = tf.shape(images)
        return tf.reshape(vectors, [shape[0], shape[1], vectors.shape[-1]])

    def texts(self, tokens: tf.Tensor) -> tf.Tensor:
        """Returns the vectors of the text told up to each frame.

        Args:
          tokens: int32 `[batch, frames, length]`.

        Returns:
          float32 `[batch, frames, joint_size]`, of length one.
        """
        return self.text_encoder(tokens)
