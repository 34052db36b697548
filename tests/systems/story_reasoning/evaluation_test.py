"""StoryReasoning's per-example sums, against NumPy."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_reasoning import tiny
from tfstory.metrics import ratio
from tfstory.systems.story_reasoning.model import Drawing


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    return tiny.system(tmp_path_factory.mktemp("system"))


@pytest.fixture(scope="module")
def prepared(system):
    batch = system.prepare(tiny.raw_batch(4))
    system.adapt([batch])
    return batch


def test_baselines_equal_numpy(system, prepared):
    frames = prepared["images"].numpy() / 255.0
    sums = system.evaluate(prepared)
    axes = (1, 2, 3)
    np.testing.assert_allclose(
        sums["copy_last_absolute_error"],
        np.abs(frames[:, 3] - frames[:, 4]).sum(axes),
        rtol=1e-5,
    )
    mean = frames.mean((0, 1))
    np.testing.assert_allclose(
        sums["mean_picture_absolute_error"],
        np.abs(mean - frames[:, 4]).sum(axes),
        rtol=1e-4,
    )
    np.testing.assert_array_equal(sums["pixels"], [16 * 16 * 3] * 4)


def test_every_ratio_has_its_sums_and_each_sum_its_example(system, prepared):
    whole = system.evaluate(prepared)
    assert all(value.shape == (4,) for value in whole.values())
    for part in range(4):
        one = system.evaluate(
            {name: value[part : part + 1] for name, value in prepared.items()}
        )
        for name, value in one.items():
            np.testing.assert_allclose(
                value[0],
                whole[name][part],
                rtol=1e-4,
                atol=1e-4,
                err_msg=name,
            )
    totals = {name: np.sum(value) for name, value in whole.items()}
    metrics = ratio.aggregate(system.ratios, totals)
    assert set(metrics) == set(system.ratios)
    assert metrics["decided_token_accuracy"] == metrics["token_accuracy"]


def test_a_copying_model_scores_as_the_baseline(system, prepared, monkeypatch):
    monkeypatch.setattr(
        system.model,
        "next_frame",
        lambda context, caption: Drawing(context.frames[:, -1], None, None),
    )
    sums = system.evaluate(prepared)
    np.testing.assert_allclose(
        sums["absolute_error"], sums["copy_last_absolute_error"]
    )
    np.testing.assert_allclose(sums["ssim"], sums["copy_last_ssim"])


def test_unknown_decided_words_count_nothing(system):
    raw = tiny.raw_batch(2)
    raw["decided"] = tf.zeros_like(raw["decided"], tf.string)
    sums = system.evaluate(system.prepare(raw))
    np.testing.assert_array_equal(sums["decided_tokens"], [0, 0])
    del raw["decided"]
    sums = system.evaluate(system.prepare(raw))
    np.testing.assert_array_equal(sums["decided_tokens"], [0, 0])


def test_statistics_are_mean_picture_and_smoothed_frequencies(tmp_path):
    system = tiny.system(tmp_path, words=["a", "b"])
    tokens = tf.constant([[[1, 4, 4, 5, 2, 0, 0, 0]]])
    images = tf.fill([1, 1, 16, 16, 3], tf.cast(51, tf.uint8))
    system.adapt([{"images": images, "tokens": tokens}])
    np.testing.assert_allclose(system.statistics.mean_picture, 0.2, rtol=1e-6)
    # Counts with one added: end 2, unknown 1, a 3, b 2.
    np.testing.assert_allclose(
        system.statistics.token_log_probabilities[2:],
        np.log([2 / 8, 1 / 8, 3 / 8, 2 / 8]),
        rtol=1e-5,
    )


def test_corpus_metrics_reach_one_for_a_perfect_writer(system, monkeypatch):
    raw = tiny.raw_batch(3, seed=5)
    truth = system.tokenizer.tokenize(raw["sentences"][:, -1])

    def perfect_step(context, tokens, state):
        hidden, position = state
        following = tf.gather(truth, position + 1, axis=1, batch_dims=1)
        logits = 50.0 * tf.one_hot(following, system.tokenizer.size)
        return logits, (hidden, position + 1)

    monkeypatch.setattr(system.model, "caption_step", perfect_step)
    metrics = system.corpus_metrics([raw])
    assert metrics["exact_match_greedy"] == 1.0
    assert metrics["exact_match_top_p"] == 1.0
    assert metrics["bleu_1_greedy"] == 1.0
