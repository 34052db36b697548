"""Pictures with text, right and wrong, as the discriminators compare them."""

from typing import NamedTuple

import tensorflow as tf

from tfstory import stories
from tfstory.systems import features, replicas
from tfstory.systems.story_gan.model import (
    Generator,
    in_one_row,
    map_tensors,
)
from tfstory.systems.story_gan.noise import Noise


class Frames(NamedTuple):
    """Frames of all stories in one row, for the image discriminator.

    Attributes:
      pictures: float32 `[n, height, width, 3]` in [0, 1].
      sentences: float `[n, sentence_size]`, s_t.
      contexts: float `[n, context_size]`, h_0 of the frame's story.
    """

    pictures: tf.Tensor
    sentences: tf.Tensor
    contexts: tf.Tensor


class Wrong(NamedTuple):
    """Text that real pictures do not show.

    Attributes:
      sentences: float `[n, sentence_size]`, or `[n, frames, sentence_size]`
        for whole stories.
      weights: float32 `[n]`, 0 where the other text is the right one too.
    """

    sentences: tf.Tensor
    weights: tf.Tensor


class Pairs(NamedTuple):
    """What the discriminators learn from, without gradients.

    Attributes:
      real: Frames.
      fake: Frames, the same ones generated.
      wrong: sentences of the next story for the real frames, or None.
      real_stories: float32 `[batch, frames, height, width, 3]` in [0, 1].
      fake_stories: the same, generated; None if only frames were asked for.
      sentences: float `[batch, frames, sentence_size]`, of the stories.
      wrong_stories: the next story for the real pictures, or None.
    """

    real: Frames
    fake: Frames
    wrong: Wrong | None
    real_stories: tf.Tensor
    fake_stories: tf.Tensor | None
    sentences: tf.Tensor
    wrong_stories: Wrong | None


def make(
    generator: Generator,
    batch: dict[str, tf.Tensor],
    noise: Noise,
    chosen: tf.Tensor | None,
    mismatched: bool,
    whole: bool,
    training: bool,
) -> Pairs:
    """Generates a batch's stories and pairs pictures with text.

    Args:
      generator: Generator.
      batch: `images` float32 in [0, 1] and `tokens`; see also
        `Generator.with_states`.
      noise: Noise.
      chosen: of `choose`.
      mismatched: whether there are wrong pairs.
      whole: whether to generate frames that are not chosen too.
      training: bool.
    """
    real, tokens = batch[stories.IMAGES], batch[features.TOKENS]
    reading = generator.read_batch(batch, noise)
    sentences, context = reading.sentences, reading.context
    if whole:
        painted = generator.paint(reading.scenes, training=training)
        fakes = take(painted, chosen)
    else:
        painted = None
        scenes = map_tensors(lambda x: take(x, chosen), reading.scenes)
        fakes = generator.paint(scenes, training=training)
    wrong = wrong_stories = None
    if mismatched:
        others = replicas.next_rows(tokens)
        differs = tf.reduce_any(others != tokens, axis=-1)
        # Each sentence is read for itself, so that this needs no second time.
        told = replicas.next_rows(sentences)
        wrong_stories = Wrong(
            told, tf.cast(tf.reduce_any(differs, axis=-1), tf.float32)
        )
        wrong = Wrong(
            in_one_row(take(told, chosen)),
            in_one_row(take(tf.cast(differs, tf.float32), chosen)),
        )
    pairs = Pairs(
        frames(take(real, chosen), take(sentences, chosen), context),
        frames(fakes, take(sentences, chosen), context),
        wrong,
        real,
        painted,
        sentences,
        wrong_stories,
    )
    return map_tensors(tf.stop_gradient, pairs)


def choose(
    seed: tf.Tensor, batch: tf.Tensor, all_frames: int, count: int
) -> tf.Tensor | None:
    """Chooses some frames of each story, each at most once.

    Args:
      seed: int32 `[2]`.
      batch: int scalar, stories.
      all_frames: int, frames a story.
      count: int, how many to choose; 0 for all.

    Returns:
      int32 `[batch, count]`; None for all frames.
    """
    if count in (0, all_frames):
        return None
    order = tf.random.stateless_uniform([batch, all_frames], seed)
    return tf.argsort(order, axis=1)[:, :count]


def take(values: tf.Tensor, chosen: tf.Tensor | None) -> tf.Tensor:
    """Returns the chosen frames of `[batch, frames, ...]`."""
    if chosen is None:
        return values
    return tf.gather(values, chosen, axis=1, batch_dims=1)


def frames(
    pictures: tf.Tensor, sentences: tf.Tensor, contexts: tf.Tensor
) -> Frames:
    """Puts the frames of all stories in one row.

    Args:
      pictures: float32 `[batch, frames, height, width, 3]`.
      sentences: float `[batch, frames, sentence_size]`.
      contexts: float `[batch, context_size]`.
    """
    contexts = tf.repeat(contexts, tf.shape(sentences)[1], axis=0)
    return Frames(in_one_row(pictures), in_one_row(sentences), contexts)
