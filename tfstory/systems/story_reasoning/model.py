"""StoryReasoning's networks together: the next frame and its caption."""

from typing import NamedTuple

import keras
import ml_collections
import tensorflow as tf

from tfstory.systems.story_reasoning.captions import (
    CaptionDecoder,
    CaptionEncoder,
)
from tfstory.systems.story_reasoning.context import StoryContext
from tfstory.systems.story_reasoning.pictures import (
    PictureDecoder,
    PictureEncoder,
)
from tfstory.systems.story_reasoning.refiner import Refiner
from tfstory.text import vocabulary


class Context(NamedTuple):
    """What four frames and their captions say about the fifth.

    Attributes:
      state: float `[batch, units]`.
      latent: float32 `[batch, latent_size]`, predicted for the next frame.
      memory: float `[batch, words, units]`, states of the captions' words.
      memory_tokens: int32 `[batch, words]`.
      frames: float `[batch, frames, height, width, 3]` in [0, 1].
    """

    state: tf.Tensor
    latent: tf.Tensor
    memory: tf.Tensor
    memory_tokens: tf.Tensor
    frames: tf.Tensor


class StoryModel:
    """All networks of seed document 001, built.

    Args:
      config: `config.model` of a run.
      image_size: int, pixels.
      vocabulary_size: int, ids.
      length: int, tokens a caption.
      context_frames: int.
    """

    def __init__(
        self,
        config: ml_collections.ConfigDict,
        image_size: int,
        vocabulary_size: int,
        length: int,
        context_frames: int,
    ):
        self.encoder = PictureEncoder(
            config.encoder_widths, config.latent_size, config.normalization
        )
        self.decoder = PictureDecoder(
            config.encoder_widths, image_size, config.normalization
        )
        self.caption_encoder = CaptionEncoder(
            vocabulary_size,
            length,
            config.embedding_size,
            config.units,
            config.bidirectional,
            places=config.attention_hops > 0,
        )
        self.context = StoryContext(
            config.units,
            config.latent_size,
            context_frames,
            config.residual_latent,
            places=config.attention_hops > 0,
        )
        self.caption_decoder = CaptionDecoder(
            self.caption_encoder,
            config.units,
            config.attention_hops,
            config.copy_words,
            config.tie_embeddings,
        )
        self.refiner = (
            Refiner(context_frames) if config.residual_frame else None
        )
        self._build(image_size, length, context_frames)

    @property
    def networks(self) -> dict[str, keras.Model]:
        """Name to network."""
        networks = {
            "encoder": self.encoder,
            "decoder": self.decoder,
            "caption_encoder": self.caption_encoder,
            "context": self.context,
            "caption_decoder": self.caption_decoder,
        }
        if self.refiner is not None:
            networks["refiner"] = self.refiner
        return networks

    def read(
        self, frames: tf.Tensor, latents: tf.Tensor, tokens: tf.Tensor
    ) -> Context:
        """Reads the context.

        Args:
          frames: float `[batch, frames, height, width, 3]` in [0, 1].
          latents: float `[batch, frames, latent_size]`, `frames` encoded.
          tokens: int32 `[batch, frames, length]`.
        """
        shape = tf.shape(tokens)
        length = tokens.shape[-1]
        words, captions = self.caption_encoder(tf.reshape(tokens, [-1, length]))
        units = words.shape[-1]
        state, latent, memory = self.context(
            latents,
            tf.reshape(captions, [shape[0], shape[1], units]),
            tf.reshape(words, [shape[0], shape[1], length, units]),
            tokens != vocabulary.PAD,
        )
        memory_tokens = tf.reshape(tokens, [shape[0], shape[1] * length])
        return Context(state, latent, memory, memory_tokens, frames)

    def encode(self, frames: tf.Tensor, training: bool = False) -> tf.Tensor:
        """Encodes frames.

        Args:
          frames: float `[batch, frames, height, width, 3]` in [0, 1].
          training: bool.

        Returns:
          float32 `[batch, frames, latent_size]`.
        """
        shape = tf.shape(frames)
        flat = tf.reshape(frames, [-1, *frames.shape[2:]])
        latents = self.encoder(flat, training=training)
        return tf.reshape(latents, [shape[0], shape[1], latents.shape[-1]])

    def next_frame(
        self, context: Context, training: bool = False
    ) -> tuple[tf.Tensor, tf.Tensor]:
        """Draws the next frame.

        Returns:
          The frame, and the picture that was painted for it: the same
          without the residual frame. float32 `[batch, height, width, 3]` in
          [0, 1].
        """
        draft = self.decoder(context.latent, training=training)
        if self.refiner is None:
            return draft, draft
        return self.refiner(context.frames, draft, context.state)

    def caption_logits(self, context: Context, tokens: tf.Tensor) -> tf.Tensor:
        """Scores the next caption, each token from those before it.

        Args:
          context: Context.
          tokens: int32 `[batch, length]`, the caption, start token first.

        Returns:
          float32 `[batch, length - 1, vocabulary]`, for `tokens[:, 1:]`.
        """
        logits, _ = self.caption_decoder(
            tokens[:, :-1],
            self.caption_decoder.initial_state(context.state),
            context.memory,
            context.memory_tokens,
        )
        return logits

    def caption_step(
        self,
        context: Context,
        tokens: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
        """Scores the token after the last one written.

        Args:
          context: Context.
          tokens: int32 `[batch]`, the last tokens.
          state: the decoder's, from its `initial_state` on.

        Returns:
          Logits float32 `[batch, vocabulary]`, and the next state.
        """
        logits, state = self.caption_decoder(
            tokens[:, None], state, context.memory, context.memory_tokens
        )
        return logits[:, 0], state

    def _build(self, image_size, length, context_frames):
        """Creates all weights by one call on zeros."""
        frames = tf.zeros([1, context_frames, image_size, image_size, 3])
        tokens = tf.zeros([1, context_frames, length], tf.int32)
        context = self.read(frames, self.encode(frames), tokens)
        self.next_frame(context)
        self.caption_logits(context, tokens[:, 0])
