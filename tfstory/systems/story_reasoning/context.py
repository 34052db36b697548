"""From four frames and captions to the story's state (seed document 001)."""

import keras
import tensorflow as tf

from tfstory.systems.story_reasoning.attention import AttentionHop
from tfstory.systems.story_reasoning.memory import Memory


class StoryContext(keras.Model):
    """Fusion, cross-modal attention and the sequence GRU.

    Each frame's latent and caption vector are concatenated and go through a
    dense layer; the result looks at the words of its caption (cross-modal
    attention); a GRU runs over the frames. Beyond the seed, the state after the
    last frame may look at all words before it tells the next picture: what is
    drawn next is mostly told, not seen.

    Args:
      units: int, size of the fused vectors and of the GRU's state.
      latent_size: int, size of the predicted latent.
      residual_latent: bool, predict the change from the last latent rather
        than the latent itself.
      hops: int, looks at the memory, one after another; 0 for none, the
        seed's form.
    """

    def __init__(
        self, units: int, latent_size: int, residual_latent: bool, hops: int
    ):
        super().__init__(name="story_context")
        self._residual_latent = residual_latent
        self._fuse = keras.layers.Dense(units, activation="relu")
        self._query = keras.layers.Dense(units, use_bias=False)
        self._key = keras.layers.Dense(units, use_bias=False)
        self._value = keras.layers.Dense(units)
        self._norm = keras.layers.LayerNormalization()
        self._gru = keras.layers.GRU(
            units, return_sequences=True, use_cudnn=False
        )
        self._hops = [AttentionHop(units) for _ in range(hops)]
        self._latent = keras.layers.Dense(latent_size, dtype="float32")

    def call(
        self,
        latents: tf.Tensor,
        captions: tf.Tensor,
        words: tf.Tensor,
        word_mask: tf.Tensor,
        memory: Memory | None,
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Reads the context.

        Args:
          latents: float `[batch, frames, latent_size]`.
          captions: float `[batch, frames, units]`, one vector a caption.
          words: float `[batch, frames, length, units]`, word states.
          word_mask: bool `[batch, frames, length]`, False at padding.
          memory: Memory; None without hops.

        Returns:
          The story's state after each frame, float `[batch, frames, units]`;
          what it says of the next picture, float `[batch, units]`; and the
          latent predicted for the frame after the last, float32
          `[batch, latent_size]`.
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
        states = self._gru(self._norm(fused))
        ahead = states[:, -1:]
        if self._hops:
            mask = memory.before(tf.constant([latents.shape[1]]))
            for hop in self._hops:
                ahead = hop(ahead, memory.slots, mask)
        ahead = ahead[:, 0]
        latent = self._latent(ahead)
        if self._residual_latent:
            latent += tf.cast(latents[:, -1], tf.float32)
        return states, ahead, latent
