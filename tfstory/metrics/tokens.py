"""Per-example sums over tokens: likelihood, right tokens, and baselines.

Tokens that count are those of `losses.sequence.target_weights`: padding and
the start are left out, the end counts. A word outside the vocabulary counts as
missed: nothing that a model can write is that word, and a smaller vocabulary
must not make a model look better. (Its likelihood is that of "unknown", so
perplexities of different vocabularies cannot be compared.)
"""

import tensorflow as tf

from tfstory.losses import sequence
from tfstory.text import vocabulary


def token_sums(logits: tf.Tensor, targets: tf.Tensor) -> dict[str, tf.Tensor]:
    """Returns the sums behind perplexity and teacher-forced token accuracy.

    Perplexity is exp(nll / tokens), which equals 2^H with the entropy H in
    bits a token.

    Args:
      logits: float `[batch, length, vocabulary]`.
      targets: integer `[batch, length]`, the token each position predicts.

    Returns:
      float32 `[batch]` each: `nll` (negative log-likelihood in nats),
      `right_tokens`, `tokens`.
    """
    losses, weights = sequence.cross_entropy(logits, targets)
    return {
        "nll": tf.reduce_sum(losses * weights, axis=-1),
        "right_tokens": _sum(_is_right(logits, targets), weights),
        "tokens": tf.reduce_sum(weights, axis=-1),
    }


def decided_token_sums(
    logits: tf.Tensor, targets: tf.Tensor, decided: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Returns the sums behind token accuracy where the story decides a token.

    Args:
      logits: float `[batch, length, vocabulary]`.
      targets: integer `[batch, length]`, the token each position predicts.
      decided: integer `[batch, length]`, see `decided_weights`.

    Returns:
      float32 `[batch]` each: `decided_right_tokens`, `decided_tokens`.
    """
    weights = decided_weights(targets, decided)
    return {
        "decided_right_tokens": _sum(_is_right(logits, targets), weights),
        "decided_tokens": tf.reduce_sum(weights, axis=-1),
    }


def decided_weights(targets: tf.Tensor, decided: tf.Tensor) -> tf.Tensor:
    """Returns which tokens are decided by the story.

    In a decided sentence "_" stands for each word that the story leaves open.
    A token is decided where both sentences have the same one. Never decided
    are padding and the start, a word outside the vocabulary (its id is that
    of "_" too, so the two cannot be told apart), and anything where the
    decided sentence is empty: the dataset does not know.

    Args:
      targets: integer `[..., length]`, ids of the sentences.
      decided: integer, the shape of `targets`: ids of the decided sentences,
        made by the same tokenizer and cut alike.

    Returns:
      float32, the shape of `targets`: 1 where the token is decided, else 0.
    """
    is_word = sequence.target_weights(decided) * tf.cast(
        decided != vocabulary.END, tf.float32
    )
    is_known = tf.reduce_any(is_word > 0, axis=-1, keepdims=True)
    is_decided = (
        (targets == decided) & (targets != vocabulary.UNKNOWN) & is_known
    )
    return tf.cast(is_decided, tf.float32) * sequence.target_weights(targets)


def token_counts(targets: tf.Tensor, vocabulary_size: int) -> tf.Tensor:
    """Counts how often each token occurs among those that count.

    Args:
      targets: integer `[...]`, token ids.
      vocabulary_size: int, number of ids.

    Returns:
      float32 `[vocabulary_size]`.
    """
    ids = tf.reshape(targets, [-1])
    return tf.math.unsorted_segment_sum(
        sequence.target_weights(ids), ids, vocabulary_size
    )


def unigram_log_probabilities(counts: tf.Tensor) -> tf.Tensor:
    """Returns the unigram model of `token_counts`, with one added to each.

    Args:
      counts: float `[vocabulary_size]`.

    Returns:
      float32 `[vocabulary_size]`, in nats. Padding and the start, which are
      never predicted, share in no probability: theirs is -inf.
    """
    ids = tf.range(tf.size(counts))
    smoothed = tf.cast(counts, tf.float32) + 1.0
    smoothed *= sequence.target_weights(ids)
    return tf.math.log(smoothed) - tf.math.log(tf.reduce_sum(smoothed))


def unigram_sums(
    targets: tf.Tensor, log_probabilities: tf.Tensor
) -> dict[str, tf.Tensor]:
    """Returns the sums of the unigram and most-frequent-token baselines.

    Args:
      targets: integer `[batch, length]`.
      log_probabilities: float `[vocabulary_size]`, in nats, of the training
        data.

    Returns:
      float32 `[batch]` each: `unigram_nll` (nats), `most_frequent_right`
      (tokens that equal the likeliest known one). Their count is `tokens` of
      `token_sums`.
    """
    weights = sequence.target_weights(targets)
    nll = -tf.gather(log_probabilities, targets)
    return {
        "unigram_nll": tf.reduce_sum(tf.where(weights > 0, nll, 0.0), axis=-1),
        "most_frequent_right": _sum(
            _is_right(log_probabilities, targets), weights
        ),
    }


def _is_right(logits: tf.Tensor, targets: tf.Tensor) -> tf.Tensor:
    """Returns whether the likeliest known word is the target's."""
    unknown = tf.one_hot(
        vocabulary.UNKNOWN, logits.shape[-1], on_value=True, off_value=False
    )
    known = tf.where(unknown, logits.dtype.min, logits)
    return tf.argmax(known, axis=-1, output_type=targets.dtype) == targets


def _sum(flags: tf.Tensor, weights: tf.Tensor) -> tf.Tensor:
    return tf.reduce_sum(tf.cast(flags, tf.float32) * weights, axis=-1)
