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
from tfstory.systems.story_reasoning.memory import Memory, StoryMemory
from tfstory.systems.story_reasoning.next_picture import NextPicture
from tfstory.systems.story_reasoning.pictures import (
    PictureDecoder,
    PictureEncoder,
)
from tfstory.systems.story_reasoning.refiner import Refiner
from tfstory.text import vocabulary


class Context(NamedTuple):
    """What four frames and their captions say.

    Attributes:
      states: float `[batch, frames, units]`, the story's state after each
        frame.
      last_latent: float `[batch, latent_size]`, of the last frame.
      frames: float `[batch, frames, height, width, 3]` in [0, 1].
      tokens: int32 `[batch, captions, length]`, the frames' captions and,
        where it was given, the one to draw after.
      words: float `[batch, captions, length, units]`, their states.
      memory: Memory of the frames' captions; None without attention hops.
    """

    states: tf.Tensor
    last_latent: tf.Tensor
    frames: tf.Tensor
    tokens: tf.Tensor
    words: tf.Tensor
    memory: Memory | None


class Drawing(NamedTuple):
    """The next picture.

    Attributes:
      frame: float32 `[batch, height, width, 3]` in [0, 1].
      painted: what was painted for it, of the same shape; without the
        residual frame the same picture.
      latent: float32 `[batch, latent_size]`, what was predicted for it.
      choices: where each block comes from, as in `Refined`; None without the
        residual frame.
    """

    frame: tf.Tensor
    painted: tf.Tensor
    latent: tf.Tensor
    choices: tf.Tensor | None = None


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
        self.context = StoryContext(config.units)
        # Whether the next picture is drawn after its caption.
        self.follows_caption = config.picture_follows_caption
        self.memory = (
            StoryMemory(config.units, context_frames + self.follows_caption)
            if config.attention_hops
            else None
        )
        self.next_picture = NextPicture(
            config.units,
            config.latent_size,
            config.residual_latent,
            config.attention_hops,
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
            "next_picture": self.next_picture,
            "caption_decoder": self.caption_decoder,
        }
        if self.memory is not None:
            networks["memory"] = self.memory
        if self.refiner is not None:
            networks["refiner"] = self.refiner
        return networks

    def read(
        self, frames: tf.Tensor, tokens: tf.Tensor, training: bool = False
    ) -> Context:
        """Reads the context.

        Args:
          frames: float `[batch, frames, height, width, 3]` in [0, 1].
          tokens: int32 `[batch, frames, length]`, or with one caption more,
            for `next_frame` alone: read together, captions are read faster.
          training: bool, whether the picture encoder is trained.
        """
        batch = tf.shape(tokens)[0]
        count, length = frames.shape[1], tokens.shape[-1]
        flat = tf.reshape(frames, [-1, *frames.shape[2:]])
        latents = self.encoder(flat, training=training)
        words, captions = self.caption_encoder(tf.reshape(tokens, [-1, length]))
        latents = tf.reshape(latents, [batch, count, latents.shape[-1]])
        words, captions = (
            tf.reshape(x, [batch, tokens.shape[1], *x.shape[1:]])
            for x in (words, captions)
        )
        of_frames, their_words = tokens[:, :count], words[:, :count]
        states = self.context(
            latents,
            captions[:, :count],
            their_words,
            of_frames != vocabulary.PAD,
        )
        memory = None
        if self.memory is not None:
            memory = self.memory(their_words, of_frames)
        return Context(states, latents[:, -1], frames, tokens, words, memory)

    def next_frame(
        self,
        context: Context,
        caption: tf.Tensor | None = None,
        training: bool = False,
        train_decoder: bool = False,
    ) -> Drawing:
        """Draws the next frame.

        Args:
          context: Context.
          caption: int32 `[batch, length]`, start token first, what the frame
            shall show. None where the context has it, or for a model whose
            picture follows no caption.
          training: bool, whether the refiner is trained.
          train_decoder: bool, whether the picture decoder is.
        """
        memory = context.memory
        if self.follows_caption:
            words, tokens = context.words, context.tokens
            if caption is not None:
                said = self.caption_encoder(caption)[0]
                words = tf.concat([words, said[:, tf.newaxis]], axis=1)
                tokens = tf.concat([tokens, caption[:, tf.newaxis]], axis=1)
            memory = self.memory(words, tokens)
        ahead, latent = self.next_picture(
            context.states[:, -1], context.last_latent, memory
        )
        draft = self.decoder(latent, training=train_decoder)
        if self.refiner is None:
            return Drawing(draft, draft, latent)
        refined = self.refiner(context.frames, draft, ahead, training=training)
        return Drawing(refined.frame, refined.painted, latent, refined.choices)

    def caption_logits(self, context: Context, tokens: tf.Tensor) -> tf.Tensor:
        """Scores captions, each token from those before it.

        Args:
          context: Context.
          tokens: int32 `[batch, captions, length]`, start token first: the
            caption that follows the context, last of all, and those of the
            context's last frames. Each is told from the frames before its
            own.

        Returns:
          float32 `[batch, captions, length - 1, vocabulary]`, for
          `tokens[..., 1:]`.
        """
        captions = tokens.shape[1]
        after = context.states.shape[1]
        logits, _ = self.caption_decoder(
            tokens[..., :-1],
            (
                context.states[:, after - captions :],
                tf.zeros_like(tokens[:, 0, 0]),
            ),
            context.memory,
            tf.range(after - captions + 1, after + 1),
        )
        return logits

    @staticmethod
    def first_caption_state(context: Context) -> tuple[tf.Tensor, tf.Tensor]:
        """Returns the state to start `caption_step` from."""
        last = context.states[:, -1:]
        return last, tf.zeros_like(last[:, 0, 0], tf.int32)

    def caption_step(
        self,
        context: Context,
        tokens: tf.Tensor,
        state: tuple[tf.Tensor, tf.Tensor],
    ) -> tuple[tf.Tensor, tuple[tf.Tensor, tf.Tensor]]:
        """Scores the next caption's token after the last one written.

        Args:
          context: Context.
          tokens: int32 `[batch]`, the last tokens.
          state: from `first_caption_state` on.

        Returns:
          Logits float32 `[batch, vocabulary]`, and the next state.
        """
        logits, state = self.caption_decoder(
            tokens[:, None, None],
            state,
            context.memory,
            tf.constant([context.states.shape[1]]),
        )
        return logits[:, 0, 0], state

    def _build(self, image_size, length, context_frames):
        """Creates all weights by one call on zeros."""
        frames = tf.zeros([1, context_frames, image_size, image_size, 3])
        tokens = tf.zeros([1, context_frames, length], tf.int32)
        context = self.read(frames, tokens)
        self.next_frame(context, tokens[:, 0])
        self.caption_logits(context, tokens[:, :1])
