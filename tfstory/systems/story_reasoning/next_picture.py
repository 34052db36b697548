"""From the story's state to the latent of the next picture."""

import keras
import tensorflow as tf

from tfstory.layers.attention_hop import AttentionHop
from tfstory.systems.story_reasoning.memory import Memory


class NextPicture(keras.Model):
    """A linear layer from the last state to a latent (seed document 001).

    Beyond the seed, the state may look at all words before it tells the next
    picture: what is drawn next is mostly told, not seen.

    Args:
      units: int, size of the story's state.
      latent_size: int, size of the predicted latent.
      residual: bool, predict the change from the last latent rather than the
        latent itself.
      hops: int, looks at the memory, one after another; 0 for none, the
        seed's form.
    """

    def __init__(self, units: int, latent_size: int, residual: bool, hops: int):
        # The last latent is added to as it is, in whatever precision.
        super().__init__(name="next_picture", autocast=False)
        self._residual = residual
        self._hops = [AttentionHop(units) for _ in range(hops)]
        self._latent = keras.layers.Dense(latent_size, dtype="float32")

    def call(
        self, state: tf.Tensor, last_latent: tf.Tensor, memory: Memory | None
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Tells the next picture.

        Args:
          state: float `[batch, units]`, the story's after its last frame.
          last_latent: float `[batch, latent_size]`, of the last frame.
          memory: Memory, all of which may be looked at; None without hops.

        Returns:
          What is to be drawn, float `[batch, units]`, and the predicted
          latent, float32 `[batch, latent_size]`.
        """
        ahead = state[:, tf.newaxis]
        for hop in self._hops:
            ahead = hop(ahead, memory.slots, memory.words()[:, tf.newaxis])
        ahead = ahead[:, 0]
        latent = self._latent(ahead)
        if self._residual:
            latent += tf.cast(last_latent, tf.float32)
        return ahead, latent
