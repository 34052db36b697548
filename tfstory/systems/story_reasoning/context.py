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
      latent_size: int, size of the predicted latent.
      frames: int, context frames.
      residual_latent: bool, predict the change from the last latent rather
        than the latent itself.
      places: bool, add each frame's place to its words, for a decoder that
        attends to them.
    """

    def __init__(
        self,
        units: int,
        latent_size: int,
        frames: int,
        residual_latent: bool,
        places: bool,
    ):
        super().__init__(name="story_context")
        self._residual_latent = residual_latent
        self._fuse = keras.layers.Dense(units, activation="relu")
        self._query = keras.layers.Dense(units, use_bias=False)
        self._key = keras.layers.Dense(units, use_bias=False)
        self._value = keras.layers.Dense(units)
        self._norm = keras.layers.LayerNormalization()
        self._gru = keras.layers.GRU(units, use_cudnn=False)
        self._latent = keras.layers.Dense(latent_size, dtype="float32")
        self._places = places
        if places:
            # Tells the caption decoder which frame a word comes from.
            self._frame_embedding = self.add_weight(
                name="frame_embedding",
                shape=(frames, units),
                initializer=keras.initializers.RandomNormal(stddev=0.02),
            )

    def call(
        self,
        latents: tf.Tensor,
        captions: tf.Tensor,
        words: tf.Tensor,
        word_mask: tf.Tensor,
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Reads the context.

        Args:
          latents: float `[batch, frames, latent_size]`.
          captions: float `[batch, frames, units]`, one vector a caption.
          words: float `[batch, frames, length, units]`, word states.
          word_mask: bool `[batch, frames, length]`, False at padding.

        Returns:
          The story's state, float `[batch, units]`; the predicted latent,
          float32 `[batch, latent_size]`; the words as the caption decoder's
          memory, float `[batch, frames * length, units]`.
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
        state = self._gru(self._norm(fused))
        latent = self._latent(state)
        if self._residual_latent:
            latent += tf.cast(latents[:, -1], tf.float32)
        memory = words
        if self._places:
            memory += tf.cast(
                self._frame_embedding[None, :, None, :], words.dtype
            )
        shape = tf.shape(words)
        memory = tf.reshape(
            memory, [shape[0], shape[1] * shape[2], words.shape[-1]]
        )
        return state, latent, memory
