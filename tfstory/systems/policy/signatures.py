"""What a served policy answers."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from tfstory import examples
from tfstory.sampling.sampler import Samples
from tfstory.systems.bounds import within
from tfstory.systems.policy import judging
from tfstory.systems.policy.codec import TOKENS, NumberCodec
from tfstory.systems.policy.model import PolicyModel
from tfstory.systems.policy.predictions import predict

# More in one answer is a mistake rather than a wish.
MOST_SAMPLES = 10_000
# Sequences written at a time: a step holds the logits of each, and several
# copies of them.
_MOST_AT_ONCE = 256
# Odd and large, so that samples of neighbouring seeds share none.
_SEED_STRIDE = 2654435761


def generate(
    model: PolicyModel,
    num_samples: tf.Tensor,
    temperature: tf.Tensor,
    top_p: tf.Tensor,
    seed: tf.Tensor,
    max_length: tf.Tensor,
) -> Samples:
    """Writes sequences; each depends on the seed and its own number alone.

    The unknown word is never written.

    Args:
      model: PolicyModel.
      num_samples: int32 scalar.
      temperature: float32 scalar; 0 takes the likeliest token.
      top_p: float32 scalar, see `categorical.choose`.
      seed: int64 scalar.
      max_length: int32 scalar, tokens after which all are cut.
    """
    parts = (num_samples + _MOST_AT_ONCE - 1) // _MOST_AT_ONCE
    part_size = (num_samples + parts - 1) // parts
    # A few too many, so that all parts are alike.
    numbers = tf.range(tf.cast(parts * part_size, tf.int64), dtype=tf.int64)
    seeds = tf.reshape(seed * _SEED_STRIDE + numbers, [parts, part_size])
    unknown = model.codec.alphabet.unknown
    # People want words; the model's log-probabilities stay as they are.
    never = [] if unknown is None else [unknown]

    def write(seeds: tf.Tensor) -> Samples:
        return model.write_by_seeds(
            seeds, temperature, top_p, never, max_length
        )

    written = tf.map_fn(
        write,
        seeds,
        fn_output_signature=Samples(
            tokens=tf.TensorSpec([None, None], tf.int32),
            log_probability=tf.TensorSpec([None], tf.float32),
            log_probabilities=tf.TensorSpec([None, None], tf.float32),
            lengths=tf.TensorSpec([None], tf.int32),
        ),
        # Side by side they would take as much memory as all at once.
        parallel_iterations=1,
    )
    return tf.nest.map_structure(
        lambda value: tf.reshape(
            value, tf.concat([[-1], tf.shape(value)[2:]], axis=0)
        )[:num_samples],
        written,
    )


def signatures(model: PolicyModel) -> dict[str, Any]:
    """Returns the signatures; `serving/README.md` documents them.

    Args:
      model: PolicyModel.
    """
    codec = model.codec

    @tf.function(
        input_signature=[
            tf.TensorSpec([], tf.int32, name="num_samples"),
            tf.TensorSpec([], tf.float32, name="temperature"),
            tf.TensorSpec([], tf.float32, name="top_p"),
            tf.TensorSpec([], tf.int64, name="seed"),
            tf.TensorSpec([], tf.int32, name="max_length"),
        ]
    )
    def served_generate(num_samples, temperature, top_p, seed, max_length):
        checks = [
            *within(num_samples, "num_samples", 1, MOST_SAMPLES),
            *within(max_length, "max_length", 1, codec.length),
            tf.debugging.Assert(
                (top_p > 0) & (top_p <= 1),
                ["top_p must be above 0 and at most 1"],
            ),
            tf.debugging.assert_non_negative(
                temperature, "temperature must be 0 or more"
            ),
        ]
        with tf.control_dependencies(checks):
            num_samples = tf.identity(num_samples)
        samples = generate(
            model, num_samples, temperature, top_p, seed, max_length
        )
        return {
            "text": codec.text(samples.tokens),
            "tokens": samples.tokens,
            "log_probabilities": samples.log_probabilities,
            "log_probability": samples.log_probability,
            "length": samples.lengths,
        }

    score = _score_numbers if isinstance(codec, NumberCodec) else _score_text
    return {"generate": served_generate, "score": score(model)}


def _score_text(model: PolicyModel):
    @tf.function(
        input_signature=[tf.TensorSpec([None], tf.string, name="text")]
    )
    def score(text):
        return _score(model, model.codec.encode(text))

    return score


def _score_numbers(model: PolicyModel):
    codec = model.codec

    @tf.function(
        input_signature=[
            tf.TensorSpec([None, codec.length], tf.int64, name="tokens")
        ]
    )
    def score(tokens):
        checks = within(tokens, "tokens", 0, codec.size - 1)
        with tf.control_dependencies(checks):
            return _score(model, tf.cast(tokens, tf.int32))

    return score


def _score(model: PolicyModel, tokens: tf.Tensor) -> dict[str, tf.Tensor]:
    mask = model.codec.alphabet.mask(tokens)
    predicted = predict(
        model.policy, tokens, mask, model.first_state(tf.shape(tokens)[0])
    )
    nll = tf.reduce_sum(predicted.nll(), axis=-1)
    count = tf.reduce_sum(mask, axis=-1)
    answer = {
        "nll": nll,
        "tokens": tf.cast(count, tf.int32),
        "perplexity": tf.exp(nll / count),
    }
    if model.discriminator is not None:
        answer["probability"] = tf.sigmoid(
            judging.whole_logits(
                model.discriminator, tokens, model.codec.alphabet
            )
        )
    return answer


def request_inputs(
    batch: Mapping[str, np.ndarray], length: int
) -> dict[str, dict[str, np.ndarray]]:
    """Turns raw examples into requests.

    Args:
      batch: `text`, bytes `[batch]`, or `tokens`, int64 `[batch, length]`.
      length: int, tokens of the longest sequence.

    Returns:
      signature name to input name to array.
    """
    feature = examples.TEXT if examples.TEXT in batch else TOKENS
    sequences = batch[feature]
    if feature == TOKENS:
        # Prepared ones are int32.
        sequences = np.asarray(sequences, np.int64)
    return {
        "generate": {
            "num_samples": np.array(len(sequences), np.int32),
            "temperature": np.array(1.0, np.float32),
            "top_p": np.array(1.0, np.float32),
            "seed": np.array(0, np.int64),
            "max_length": np.array(length, np.int32),
        },
        "score": {feature: sequences},
    }
