"""Writes captions freely, and measures them against the true ones."""

from collections.abc import Callable, Iterable, Mapping

import tensorflow as tf

from tfstory import pictures, stories
from tfstory.metrics import bleu
from tfstory.sampling import alphabet
from tfstory.sampling.sampler import Sampler
from tfstory.systems import features
from tfstory.systems.story_reasoning.model import Context, StoryModel
from tfstory.text import vocabulary, words
from tfstory.text.tokenizer import Tokenizer


def write_captions(
    context: Context,
    model: StoryModel,
    length: int,
    temperature: tf.Tensor,
    seed: tf.Tensor,
    top_p: float = 1.0,
) -> tuple[tf.Tensor, tf.Tensor]:
    """Writes the next caption token by token.

    Args:
      context: Context.
      model: StoryModel.
      length: int, longest caption in tokens, start and end included.
      temperature: float32 `[batch]`, 0 takes the likeliest token.
      seed: int64 `[batch]`.
      top_p: float, share of the probability to draw from.

    Returns:
      Tokens int32 `[batch, length - 1]`, and the log-probability of each
      caption, float32 `[batch]`, in nats.
    """
    samples = Sampler(
        length - 1, alphabet.WORDS, top_p, never=[vocabulary.UNKNOWN]
    ).sample(
        lambda tokens, state: model.caption_step(context, tokens, state),
        model.first_caption_state(context),
        temperature,
        seed,
    )
    return samples.tokens, samples.log_probability


def draw_and_write(
    context: Context,
    model: StoryModel,
    length: int,
    temperature: tf.Tensor,
    seed: tf.Tensor,
) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Writes the next caption and draws the next frame, after it if so made.

    Args:
      context, model, length, temperature, seed: as in `write_captions`.

    Returns:
      The frame, float32 `[batch, height, width, 3]` in [0, 1]; and the
      caption's tokens and log-probability as of `write_captions`.
    """
    tokens, log_probability = write_captions(
        context, model, length, temperature, seed
    )
    start = tf.fill([tf.shape(tokens)[0], 1], vocabulary.START)
    caption = tf.concat([start, tokens], axis=1)
    return model.next_frame(context, caption).frame, tokens, log_probability


def draw(context: Context, model: StoryModel, length: int) -> tf.Tensor:
    """Draws the next frame, after the likeliest caption if so made.

    Args:
      context, model, length: as in `write_captions`.

    Returns:
      float32 `[batch, height, width, 3]` in [0, 1].
    """
    if not model.follows_caption:
        return model.next_frame(context).frame
    count = tf.shape(context.tokens)[0]
    greedy, seed = tf.zeros([count]), tf.zeros([count], tf.int64)
    return draw_and_write(context, model, length, greedy, seed)[0]


def caption_metrics(
    batches: Iterable[Mapping[str, tf.Tensor]],
    prepare: Callable[[Mapping[str, tf.Tensor]], Mapping[str, tf.Tensor]],
    model: StoryModel,
    tokenizer: Tokenizer,
    seed: int,
) -> dict[str, float]:
    """BLEU and exact match of captions decoded greedily and by top-p.

    Both sides are normalised and split alike; the reference keeps words that
    the vocabulary lacks.

    Args:
      batches: raw batches.
      prepare: raw batch to prepared batch.
      model: StoryModel.
      tokenizer: Tokenizer.
      seed: int.
    """

    @tf.function(reduce_retracing=True)
    def decode(batch, first):
        prepared = prepare(batch)
        frames = pictures.to_unit(prepared[stories.IMAGES])[:, :-1]
        tokens = prepared[features.TOKENS][:, :-1]
        context = model.read(frames, tokens)
        count = tf.shape(tokens)[0]
        seeds = tf.range(first, first + tf.cast(count, tf.int64)) + seed
        results = []
        for temperature, top_p in ((0.0, 1.0), (1.0, 0.9)):
            ids, _ = write_captions(
                context,
                model,
                tokenizer.length,
                tf.fill([count], temperature),
                seeds,
                top_p,
            )
            results.append(words.split(tokenizer.detokenize(ids)))
        results.append(words.split(batch[stories.SENTENCES][:, -1]))
        return results

    greedy, sampled, references = [], [], []
    for batch in batches:
        first = tf.constant(len(references), tf.int64)
        for texts, new in zip(
            (greedy, sampled, references), decode(batch, first), strict=True
        ):
            texts.extend(new.to_list())
    metrics = {}
    for mode, texts in (("greedy", greedy), ("top_p", sampled)):
        scores = bleu.corpus_bleu(texts, [[text] for text in references])
        metrics.update(
            {f"{name}_{mode}": score for name, score in scores.items()}
        )
        metrics[f"exact_match_{mode}"] = bleu.exact_match(texts, references)
    return metrics
