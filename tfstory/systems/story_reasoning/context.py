"""From four frames and captions to the story's state (seed document 001)."""

import keras
import tensorflow as tf


class StoryContext(keras.Model):
    """Fusion, cross-modal attention and the sequence GRU.

    Each frame's latent and caption vector are concatenated and go through a
    dense layer; the result looks at the words of its caption (cross-modal
    attention); a GRU runs over the frames.

    Args:
      units: int, size of the fused vectors and of the GRU's state.
    """

    def __init__(self, units: int):
        super().__init__(name="story_context")
        self._fuse = keras.layers.Dense(units, activation="relu")
        self._query = keras.layers.Dense(units, use_bias=False)
        self._key = keras.layers.Dense(units, use_bias=False)
        self._value = keras.layers.Dense(units)
        self._norm = keras.layers.LayerNormalization()
        self._gru = keras.layers.GRU(
            units, return_sequences=True, use_cudnn=False
        )

    def call(
        self,
        latents: tf.Tensor,
        captions: tf.Tensor,
        words: tf.Tensor,
        word_mask: tf.Tensor,
    ) -> tf.Tensor:
        """Reads the context.

        Args:
          latents: float `[batch, frames, latent_size]`.
          captions: float `[batch, frames, units]`, one vector a caption.
          words: float `[batch, frames, length, units]`, word states.
          word_mask: bool `[batch, frames, length]`, False at padding.

        Returns:
          The story's state after each frame, float `[batch, frames, units]`.
        """
        captions = tf.cast(captions, self.compute_dtype)
        fused = self._fuse(
            tf.concat([tf.cast(latents, captions.dtype), captions], axis=-1)
        )
        scores = (
            tf.einsum("bfu,bflu->bfl", self._query(fused), self._key(words))
            * tf.cast(words.shape[-1], fused.dtype) ** -0.5
        )
        scores = tf.cast(scores, tf.float32)
        scores -= 1e9 * tf.cast(~word_mask, tf.float32)
        weights = tf.cast(tf.nn.softmax(scores), fused.dtype)
        fused += tf.einsum("bfl,bflu->bfu", weights, self._value(words))
        return self._gru(self._norm(fused))
