"""Metrics of policies as per-example sums."""

from collections.abc import Mapping

import numpy as np
import tensorflow as tf

from tfstory.metrics.ratio import Ratio
from tfstory.sampling import categorical
from tfstory.sampling.lstm_oracle import LstmOracle
from tfstory.systems.policy import judging
from tfstory.systems.policy.codec import TOKENS
from tfstory.systems.policy.model import PolicyModel
from tfstory.systems.policy.predictions import predict, trimmed
from tfstory.systems.policy.rewards import Rewards
from tfstory.systems.policy.unigrams import Unigrams

# Odd and large: examples that differ get seeds that do.
_SEED_FACTOR = 6364136223846793005

# Of what an oracle says, where there is one.
ORACLE = ("nll_oracle", "nll_oracle_data", "nll_oracle_uniform")
# Of sequences that the policy writes: they depend on how it does.
WRITTEN = ("nll_oracle", "discriminator_accuracy", "diversity", "objective")

RATIOS: Mapping[str, Ratio] = {
    "perplexity": Ratio(
        "nll",
        "tokens",
        "exp",
        about="of held-out tokens, 2^H with the entropy H in bits",
    ),
    "perplexity_unigram": Ratio(
        "unigram_nll", "tokens", "exp", baseline_of="perplexity"
    ),
    "perplexity_uniform": Ratio(
        "uniform_nll", "tokens", "exp", baseline_of="perplexity"
    ),
    "nll": Ratio("nll", "tokens", about="NLL-test, nats a held-out token"),
    "token_accuracy": Ratio(
        "right_tokens",
        "tokens",
        higher_is_better=True,
        about="teacher-forced; unknown words count as missed",
    ),
    "entropy": Ratio(
        "entropy", "tokens", about="of the policy, nats a held-out token"
    ),
    "nll_oracle": Ratio(
        "oracle_nll",
        "sampled_tokens",
        about="nats a generated token has under the oracle",
    ),
    "nll_oracle_data": Ratio(
        "data_oracle_nll", "oracle_tokens", baseline_of="nll_oracle"
    ),
    "nll_oracle_uniform": Ratio(
        "uniform_oracle_nll", "uniform_tokens", baseline_of="nll_oracle"
    ),
    "discriminator_accuracy": Ratio(
        "discriminator_right",
        "discriminator_judged",
        about="of true and generated sequences; 1/2 where it cannot tell",
    ),
    "diversity": Ratio(
        "distance",
        "pairs",
        higher_is_better=True,
        about="mean edit distance of generated sequences, by their length",
    ),
    "diversity_data": Ratio("data_distance", "pairs", baseline_of="diversity"),
    "objective": Ratio(
        "objective",
        "objective_judged",
        higher_is_better=True,
        about="what the reward's objectives give generated sequences",
    ),
    "objective_data": Ratio(
        "data_objective", "objective_judged", baseline_of="objective"
    ),
}


class Judge:
    """Measures a policy beside held-out sequences.

    It writes a sequence an example, by a seed that is the example's own: what
    it finds does not depend on batches, but for the diversity, which compares
    neighbours.

    Args:
      model: PolicyModel.
      unigrams: Unigrams.
      rewards: Rewards, for their objectives; None judges by none.
      oracle: LstmOracle of the data, or None.
      temperature: float, at which the policy writes.
    """

    ratios = RATIOS

    def __init__(
        self,
        model: PolicyModel,
        unigrams: Unigrams,
        rewards: Rewards | None,
        oracle: LstmOracle | None,
        temperature: float,
    ):
        self._model = model
        self._unigrams = unigrams
        self._rewards = rewards
        self._oracle = oracle
        self._temperature = temperature

    def sums(self, batch: Mapping[str, tf.Tensor]) -> dict[str, tf.Tensor]:
        """Returns the sums of `RATIOS`, float32 `[batch]` each.

        Args:
          batch: prepared batch.
        """
        alphabet = self._model.codec.alphabet
        tokens = batch[TOKENS]
        mask = alphabet.mask(tokens)
        seeds = example_seeds(tokens, mask)
        written = self._model.write_by_seeds(seeds, self._temperature).tokens
        written_mask = alphabet.mask(written)
        return {
            **self._likelihood(*trimmed(tokens, mask)),
            **self._discrimination(tokens, written),
            **self._by_oracle(tokens, written, seeds),
            **_distances(tokens, mask, written, written_mask),
            **self._by_objectives(tokens, mask, written, written_mask),
        }

    def _likelihood(self, tokens, mask):
        model = self._model
        predicted = predict(
            model.policy, tokens, mask, model.first_state(tf.shape(tokens)[0])
        )
        nll, entropy = predicted.nll_and_entropy()
        count = tf.reduce_sum(mask, axis=-1)
        possible = model.codec.size - len(model.codec.alphabet.never)
        values = {
            "nll": nll,
            "unigram_nll": self._unigrams.nll(tokens) * mask,
            "right_tokens": predicted.right(model.codec.alphabet.unknown),
            "entropy": entropy,
        }
        return {
            **{k: tf.reduce_sum(v, axis=-1) for k, v in values.items()},
            "uniform_nll": count * tf.math.log(float(possible)),
            "tokens": count,
        }

    def _discrimination(self, tokens, written):
        discriminator = self._model.discriminator
        if discriminator is None:
            return _nothing(
                tokens, "discriminator_right", "discriminator_judged"
            )
        alphabet = self._model.codec.alphabet
        is_right = [
            judging.whole_logits(discriminator, tokens, alphabet) > 0,
            judging.whole_logits(discriminator, written, alphabet) <= 0,
        ]
        right = tf.add_n([tf.cast(value, tf.float32) for value in is_right])
        return {
            "discriminator_right": right,
            "discriminator_judged": tf.fill(tf.shape(right), 2.0),
        }

    def _by_oracle(self, tokens, written, seeds):
        names = (
            "oracle_nll",
            "sampled_tokens",
            "data_oracle_nll",
            "oracle_tokens",
            "uniform_oracle_nll",
            "uniform_tokens",
        )
        if self._oracle is None:
            return _nothing(tokens, *names)
        codec = self._model.codec
        uniforms = categorical.uniforms(seeds, codec.length)
        even = tf.cast(uniforms * codec.size, tf.int32)
        count = tf.fill([tf.shape(tokens)[0]], float(tokens.shape[1]))
        found = []
        for sequences in (written, tokens, even):
            logs = self._oracle.log_probabilities(sequences)
            found += [-tf.reduce_sum(logs, axis=-1), count]
        return dict(zip(names, found, strict=True))

    def _by_objectives(self, tokens, mask, written, written_mask):
        if self._rewards is None:
            return _nothing(
                tokens, "objective", "data_objective", "objective_judged"
            )
        return {
            "objective": self._rewards.objective(written, written_mask),
            "data_objective": self._rewards.objective(tokens, mask),
            "objective_judged": tf.ones([tf.shape(tokens)[0]]),
        }


def example_seeds(tokens: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
    """Returns a seed an example that nothing else in the batch changes.

    Args:
      tokens: int32 `[batch, length]`.
      mask: float32 `[batch, length]`.

    Returns:
      int64 `[batch]`.
    """
    counted = tf.cast(tokens + 1, tf.int64) * tf.cast(mask, tf.int64)
    factors = np.full(tokens.shape[1], _SEED_FACTOR, np.uint64)
    # Each place's own factor; products wrap around.
    factors = np.cumprod(factors).astype(np.int64)
    return tf.reduce_sum(counted * factors, axis=-1)


def _distances(tokens, mask, written, written_mask):
    """Of each sequence to the one before it, the first to the last."""
    is_pair = tf.cast(tf.shape(tokens)[0] > 1, tf.float32)
    return {
        "distance": is_pair * _edit_distance(written, written_mask),
        "data_distance": is_pair * _edit_distance(tokens, mask),
        "pairs": tf.fill([tf.shape(tokens)[0]], is_pair),
    }


def _edit_distance(tokens, mask):
    others, other_mask = (tf.roll(x, 1, axis=0) for x in (tokens, mask))
    distance = tf.edit_distance(
        _sparse(tokens, mask), _sparse(others, other_mask), normalize=False
    )
    # Its rank is not known to graphs.
    distance = tf.reshape(distance, [-1])[:-1]
    longer = tf.maximum(
        tf.reduce_sum(mask, axis=-1), tf.reduce_sum(other_mask, axis=-1)
    )
    return distance / tf.maximum(longer, 1.0)


def _sparse(tokens, mask):
    """Of the tokens, and an empty row: a batch of none has no distances."""
    places = tf.where(mask > 0)
    return tf.SparseTensor(
        places,
        tf.gather_nd(tokens, places),
        tf.shape(tokens, tf.int64) + [1, 0],
    )


def _nothing(tokens, *names):
    return {name: tf.zeros([tf.shape(tokens)[0]]) for name in names}
