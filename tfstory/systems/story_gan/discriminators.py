"""The image and the story discriminator: logits of being real."""

import keras
import tensorflow as tf

from tfstory.layers import convolutions
from tfstory.layers.normalization import normalization
from tfstory.layers.spectral_normalization import SpectralNormalization
from tfstory.systems.story_gan.pictures import FIRST_SIDE

_SLOPE = 0.2


class ImageDiscriminator(keras.Model):
    """Does a picture match its sentence and the story?

    Seed document 000, section 1.1: D_I(x_t, s_t, h_0), as a logit. The
    picture's features do not depend on the text, so that one picture's serve
    its own sentence and a wrong one.

    Args:
      size: int, pixels.
      width: int, channels of the first convolution; they double each time
        that the side halves, down to 4x4.
      text_size: int, features of the sentence and h_0 together.
      norm: str, see `layers.normalization`.
      spectral: bool, spectral normalisation of all layers.
    """

    def __init__(
        self, size: int, width: int, text_size: int, norm: str, spectral: bool
    ):
        super().__init__(name="image_discriminator")
        self._trunk = Trunk(size, width, norm, spectral)
        self._text = _linear(keras.layers.Dense, spectral, text_size)
        self._joint = _linear(
            convolutions.Conv2D, spectral, self._trunk.channels, 3
        )
        self._flatten = keras.layers.Flatten()
        self._logit = _linear(keras.layers.Dense, spectral, 1, dtype="float32")

    def settle(self) -> None:
        """Finds the norms of all layers that have one, once built."""
        self._trunk.settle()
        _settle(self._text, self._joint, self._logit)

    def features(self, pictures: tf.Tensor, training: bool = False):
        """Returns the pictures' features, float `[n, 4, 4, channels]`.

        Args:
          pictures: float `[n, height, width, 3]` in [0, 1].
          training: bool.
        """
        return self._trunk(pictures, training=training)

    def match(
        self,
        features: tf.Tensor,
        sentences: tf.Tensor,
        contexts: tf.Tensor,
        training: bool = False,
    ) -> tf.Tensor:
        """Returns the logits of features with text, float32 `[n]`.

        Args:
          features: float `[n, 4, 4, channels]`, of `features`.
          sentences: float `[n, sentence_size]`.
          contexts: float `[n, context_size]`, h_0.
          training: bool.
        """
        dtype = features.dtype
        text = tf.concat(
            [tf.cast(sentences, dtype), tf.cast(contexts, dtype)], axis=-1
        )
        text = _activate(_apply(self._text, text, training))
        text = tf.tile(text[:, None, None], [1, FIRST_SIDE, FIRST_SIDE, 1])
        joint = tf.concat([features, text], axis=-1)
        joint = self._flatten(_activate(_apply(self._joint, joint, training)))
        joint = tf.cast(joint, tf.float32)
        return _apply(self._logit, joint, training)[:, 0]

    def call(self, pictures, sentences, contexts, training=False):
        """Returns the logits, float32 `[n]`; see `features` and `match`."""
        features = self.features(pictures, training=training)
        return self.match(features, sentences, contexts, training=training)


class StoryDiscriminator(keras.Model):
    """Do all pictures together tell the story?

    Seed document 000, section 1.1, without the sigmoid:
    `w^T (E_img(X) * E_text(S)) + b`. Both encoders look at the frames'
    features twice with a convolution over time, so that a frame sees two to
    each side, and take the mean over the frames: any number will do.

    Args:
      size: int, pixels.
      width: int, as in `ImageDiscriminator`.
      features: int, size of E_img(X) and E_text(S).
      norm: str, see `layers.normalization`.
      spectral: bool, spectral normalisation of the layers that see pictures;
        of the product of two limited encodings little would be left.
    """

    def __init__(
        self, size: int, width: int, features: int, norm: str, spectral: bool
    ):
        super().__init__(name="story_discriminator")
        self._trunk = Trunk(size, width, norm, spectral)
        self._flatten = keras.layers.Flatten()
        self._frame = _linear(keras.layers.Dense, spectral, features)
        self._image_time, self._text_time = (
            [
                _linear(convolutions.Conv1D, limited, features, 3)
                for _ in range(2)
            ]
            for limited in (spectral, False)
        )
        self._logit = keras.layers.Dense(1, dtype="float32")

    def settle(self) -> None:
        """Finds the norms of all layers that have one, once built."""
        self._trunk.settle()
        _settle(self._frame, *self._image_time)

    def features(self, pictures: tf.Tensor, training: bool = False):
        """Returns E_img(X), float `[batch, features]`.

        Args:
          pictures: float `[batch, frames, height, width, 3]` in [0, 1].
          training: bool.
        """
        shape = tf.shape(pictures)
        flat = tf.reshape(pictures, [-1, *pictures.shape[2:]])
        maps = self._flatten(self._trunk(flat, training=training))
        frames = _activate(_apply(self._frame, maps, training))
        frames = tf.reshape(frames, [shape[0], shape[1], frames.shape[-1]])
        return _over_time(frames, self._image_time, training)

    def match(
        self, features: tf.Tensor, sentences: tf.Tensor, training: bool = False
    ) -> tf.Tensor:
        """Returns the logits of pictures with a story, float32 `[batch]`.

        Args:
          features: float `[batch, features]`, E_img(X).
          sentences: float `[batch, frames, sentence_size]`.
          training: bool.
        """
        text = _over_time(
            tf.cast(sentences, features.dtype), self._text_time, training
        )
        joint = tf.cast(features * text, tf.float32)
        return self._logit(joint)[:, 0]

    def call(self, pictures, sentences, training=False):
        """Returns the logits, float32 `[batch]`; see the other methods."""
        features = self.features(pictures, training=training)
        return self.match(features, sentences, training=training)


class Trunk(keras.layers.Layer):
    """Strided convolutions down to 4x4; the first is not normalised.

    Args:
      size, width, norm, spectral: as in `ImageDiscriminator`.

    Attributes:
      channels: int, of the last map.
    """

    def __init__(self, size: int, width: int, norm: str, spectral: bool):
        super().__init__()
        levels = (size // FIRST_SIDE).bit_length() - 1
        self.channels = width << (levels - 1)
        self._blocks = [
            [
                _linear(
                    convolutions.Conv2D, spectral, width << level, 4, strides=2
                ),
                normalization(norm if level else "none"),
            ]
            for level in range(levels)
        ]

    def settle(self) -> None:
        """Finds the norms of all layers that have one, once built."""
        _settle(*(convolution for convolution, _ in self._blocks))

    def call(self, pictures: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Returns float `[n, 4, 4, channels]`.

        Args:
          pictures: float `[n, height, width, 3]` in [0, 1].
          training: bool.
        """
        x = tf.cast(2.0 * pictures - 1.0, self.compute_dtype)
        for convolution, norm in self._blocks:
            x = _apply(convolution, x, training)
            x = _activate(norm(x, training=training))
        return x


def _linear(kind, spectral, units, *size, **arguments):
    """Returns a linear layer with a bias, spectrally normalised if asked."""
    if size:
        arguments["padding"] = "same"
    if not spectral:
        return kind(units, *size, **arguments)
    return SpectralNormalization(
        kind(units, *size, use_bias=False, **arguments)
    )


def _apply(layer, x, training):
    """Calls a layer of `_linear`."""
    if isinstance(layer, SpectralNormalization):
        return layer(x, training=training)
    return layer(x)


def _settle(*layers):
    """Finds the norms of those layers of `_linear` that have one."""
    for layer in layers:
        if isinstance(layer, SpectralNormalization):
            layer.settle()


def _activate(x: tf.Tensor) -> tf.Tensor:
    return tf.nn.leaky_relu(x, _SLOPE)


def _over_time(x, layers, training):
    """Convolves over the frames, then takes their mean."""
    for layer in layers:
        x = _activate(_apply(layer, x, training))
    return tf.reduce_mean(x, axis=1)
