"""StoryGAN's networks together: sentences and noise to pictures."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import keras
import ml_collections
import tensorflow as tf

from tfstory.layers.sentence_encoder import (
    PretrainedSentenceEncoder,
    SentenceEncoder,
)
from tfstory.systems import features
from tfstory.systems.story_gan.context import ContextEncoder
from tfstory.systems.story_gan.discriminators import (
    ImageDiscriminator,
    StoryDiscriminator,
)
from tfstory.systems.story_gan.noise import Noise
from tfstory.systems.story_gan.phrases import PhraseMemory, Phrases
from tfstory.systems.story_gan.pictures import ImageGenerator
from tfstory.systems.story_gan.story_encoder import (
    StoryEncoder,
    first_context,
)
from tfstory.text.minilm.bert import BertEncoder

# Of a batch: what a pretrained encoder makes of its tokens.
STATES = "states"


class Scenes(NamedTuple):
    """What each frame is painted from.

    Attributes:
      gists: float `[batch, frames, gist_size]`, o_t.
      phrases: Phrases of `[batch, frames, ...]`; None without attention.
    """

    gists: tf.Tensor
    phrases: Phrases | None


class Reading(NamedTuple):
    """What the generator makes of a story before it paints.

    Attributes:
      sentences: float `[batch, frames, sentence_size]`, s_t.
      mean: float32 `[batch, context_size]`, of h_0.
      log_variance: float32 `[batch, context_size]`, of h_0.
      context: float32 `[batch, context_size]`, h_0.
      scenes: Scenes.
    """

    sentences: tf.Tensor
    mean: tf.Tensor
    log_variance: tf.Tensor
    context: tf.Tensor
    scenes: Scenes


class Generator:
    """The networks that make pictures of a story, built.

    Args:
      config: `config.model` of a run.
      image_size: int, pixels.
      vocabulary_size: int, ids.
      length: int, tokens a sentence.
      pretrained: BertEncoder that reads the sentences; None for a reader of
        the generator's own.
    """

    def __init__(
        self,
        config: ml_collections.ConfigDict,
        image_size: int,
        vocabulary_size: int,
        length: int,
        pretrained: BertEncoder | None = None,
    ):
        self._sizes = (config.context_size, config.noise_size)
        self._image_size = image_size
        if pretrained is None:
            self.sentence_encoder = SentenceEncoder(
                vocabulary_size,
                config.embedding_size,
                config.sentence_size,
                config.sentence_encoder,
            )
        else:
            self.sentence_encoder = PretrainedSentenceEncoder(
                # A function hides its weights from Keras.
                lambda tokens: pretrained(tokens),
                config.sentence_size,
            )
        self.story_encoder = StoryEncoder(config.context_size)
        self.context_encoder = ContextEncoder(
            config.units,
            config.context_size,
            config.filter_size,
            config.filter_channels,
            config.filter_current,
            config.gist_with_reading,
        )
        self.image_generator = ImageGenerator(
            image_size,
            config.generator_width,
            config.generator_normalization,
            config.attention_units,
            config.attention_hops,
        )
        self.phrase_memory = None
        if config.attention_hops:
            self.phrase_memory = PhraseMemory(config.attention_units)
        tokens = tf.zeros([1, 1, length], tf.int32)
        self.paint(self.read(tokens, self.no_noise(1, 1)).scenes)

    @property
    def networks(self) -> dict[str, keras.Model]:
        """Name to network."""
        networks = {
            "sentence_encoder": self.sentence_encoder,
            "story_encoder": self.story_encoder,
            "context_encoder": self.context_encoder,
            "image_generator": self.image_generator,
        }
        if self.phrase_memory is not None:
            networks["phrase_memory"] = self.phrase_memory
        return networks

    def no_noise(
        self, batch: int | tf.Tensor, frames: int | tf.Tensor
    ) -> Noise:
        """Returns noise of zeros: h_0 is its mean."""
        context_size, noise_size = self._sizes
        return Noise(
            tf.zeros([batch, context_size]),
            tf.zeros([batch, frames, noise_size]),
        )

    def with_states(
        self, batch: Mapping[str, tf.Tensor]
    ) -> dict[str, tf.Tensor]:
        """Returns a batch with `STATES`, which all its reads can share.

        Args:
          batch: with `tokens`; as it is for an encoder that is trained.
        """
        if not isinstance(self.sentence_encoder, PretrainedSentenceEncoder):
            return dict(batch)
        states = self.sentence_encoder.encode(batch[features.TOKENS])
        return {**batch, STATES: states}

    def read_batch(
        self, batch: Mapping[str, tf.Tensor], noise: Noise
    ) -> Reading:
        """Reads the stories of a batch; see `read` and `with_states`."""
        return self.read(batch[features.TOKENS], noise, batch.get(STATES))

    def read(
        self, tokens: tf.Tensor, noise: Noise, states: tf.Tensor | None = None
    ) -> Reading:
        """Reads stories, of any number of frames.

        Args:
          tokens: int32 `[batch, frames, length]`.
          noise: Noise.
          states: of `with_states`; None has the encoder make them.
        """
        reading, words = self._read(tokens, noise, states)
        if self.phrase_memory is None:
            return reading
        gists = reading.scenes.gists
        phrases = self.phrase_memory(words, tokens, gists)
        return reading._replace(scenes=Scenes(gists, phrases))

    def paint(self, scenes: Scenes, training: bool = False) -> tf.Tensor:
        """Paints all frames of all stories at once.

        Args:
          scenes: Scenes.
          training: bool.

        Returns:
          float32 `[batch, frames, height, width, 3]` in [0, 1].
        """
        shape = tf.shape(scenes.gists)
        flat = map_tensors(in_one_row, scenes)
        painted = self.image_generator(*flat, training=training)
        return tf.reshape(painted, [shape[0], shape[1], *painted.shape[1:]])

    def stories(self, tokens: tf.Tensor, noise: Noise) -> tf.Tensor:
        """Reads and paints, in use: see `read` and `paint`.

        One frame after the other: each looks at all phrases before it, which
        for all frames of a long story at once would fill the memory.
        """
        reading, words = self._read(tokens, noise)
        gists, memory = reading.scenes.gists, None
        if self.phrase_memory is not None:
            memory = self.phrase_memory.remember(words, tokens)

        def paint(frame):
            gist, phrases = gists[:, frame : frame + 1], None
            if memory is not None:
                phrases = self.phrase_memory.recall(memory, gist, frame[None])
            return self.paint(Scenes(gist, phrases))[:, 0]

        size = self._image_size
        painted = tf.map_fn(
            paint,
            tf.range(tf.shape(gists)[1]),
            fn_output_signature=tf.TensorSpec([None, size, size, 3]),
            parallel_iterations=1,
        )
        return tf.transpose(painted, [1, 0, 2, 3, 4])

    def _read(self, tokens, noise, states=None):
        """Returns a Reading without phrases, and the words they are made of."""
        known = () if states is None else (states,)
        sentences, words = self.sentence_encoder(tokens, *known)
        mean, log_variance = self.story_encoder(sentences)
        context = first_context(mean, log_variance, noise.context)
        gists = self.context_encoder(sentences, noise.frames, context)
        scenes = Scenes(gists, None)
        return Reading(sentences, mean, log_variance, context, scenes), words


def map_tensors(function: Callable, structure: Any) -> Any:
    """Maps the tensors of a structure; what is None stays so."""
    return tf.nest.map_structure(
        lambda x: None if x is None else function(x), structure
    )


def in_one_row(values: tf.Tensor) -> tf.Tensor:
    """Returns all frames' values, `[batch, frames, ...]` to `[n, ...]`."""
    shape = tf.shape(values)
    result = tf.reshape(values, tf.concat([[-1], shape[2:]], axis=0))
    result.set_shape([None, *values.shape[2:]])
    return result


class Discriminators:
    """The image and the story discriminator, built.

    Args:
      config: `config.model` of a run.
      image_size: int, pixels.
    """

    def __init__(self, config: ml_collections.ConfigDict, image_size: int):
        settings = (
            config.discriminator_normalization,
            config.spectral_normalization,
        )
        width = config.discriminator_width
        features = config.discriminator_features
        self.image = ImageDiscriminator(image_size, width, features, *settings)
        self.story = StoryDiscriminator(image_size, width, features, *settings)
        pictures = tf.zeros([1, 1, image_size, image_size, 3])
        sentences = tf.zeros([1, 1, config.sentence_size])
        context = tf.zeros([1, config.context_size])
        self.image(pictures[0], sentences[0], context)
        self.story(pictures, sentences)
        for network in (self.image, self.story):
            network.settle()

    @property
    def networks(self) -> dict[str, keras.Model]:
        """Name to network."""
        return {
            "image_discriminator": self.image,
            "story_discriminator": self.story,
        }
