"""A ratio is one number, however its sums are added up."""

import math

import numpy as np
import pytest
import tensorflow as tf

from tfstory.metrics import ratio

RATIOS = {
    "l1": ratio.Ratio("error", "count"),
    "perplexity": ratio.Ratio("nll", "count", transform="exp"),
}


def test_result_is_the_quotient_or_its_exponential():
    assert RATIOS["l1"].result(3.0, 4.0) == 0.75
    assert RATIOS["perplexity"].result(3.0, 4.0) == pytest.approx(
        math.exp(0.75)
    )


def test_nothing_counted_gives_nan():
    for each in RATIOS.values():
        assert math.isnan(each.result(0.0, 0.0))


def test_aggregate_takes_each_ratio_from_the_named_sums():
    sums = {"error": 3.0, "nll": 2.0, "count": 4.0, "other": 9.0}
    result = ratio.aggregate(RATIOS, sums)
    assert result == {"l1": 0.75, "perplexity": pytest.approx(math.exp(0.5))}


def test_a_missing_sum_is_an_error():
    with pytest.raises(KeyError, match="nll"):
        ratio.aggregate(RATIOS, {"error": 1.0, "count": 1.0})
    metric = ratio.RatioMetric(RATIOS["perplexity"], "perplexity")
    with pytest.raises(ValueError, match="'perplexity' needs the sum 'nll'"):
        metric.update_state({"error": tf.ones(1), "count": tf.ones(1)})


@pytest.mark.parametrize("name", list(RATIOS))
def test_metric_over_unequal_batches_equals_aggregate(name):
    generator = np.random.default_rng(0)
    batches = [
        {
            key: generator.random(size).astype(np.float32)
            for key in ("error", "nll", "count")
        }
        for size in (1, 5, 3)
    ]
    metric = ratio.RatioMetric(RATIOS[name], name)
    for batch in batches:
        metric.update_state(batch)
    totals = {
        key: float(sum(batch[key].sum() for batch in batches))
        for key in batches[0]
    }
    expected = ratio.aggregate(RATIOS, totals)[name]
    np.testing.assert_allclose(metric.result(), expected, rtol=1e-5)


def test_metric_forgets_on_reset():
    metric = ratio.RatioMetric(RATIOS["l1"], "l1")
    metric.update_state({"error": tf.constant([8.0]), "count": [2.0]})
    metric.reset_state()
    metric.update_state({"error": tf.constant([1.0]), "count": [2.0]})
    assert float(metric.result()) == 0.5


@pytest.mark.parametrize("name", list(RATIOS))
def test_metric_of_nothing_is_nan(name):
    metric = ratio.RatioMetric(RATIOS[name], name)
    assert math.isnan(metric.result())


def test_metric_on_two_replicas_is_that_of_the_whole_batch(two_replicas):
    with two_replicas.scope():
        metric = ratio.RatioMetric(RATIOS["l1"], "l1")
    # Unequal shards: a mean of the replicas' values would be 2.5.
    errors = [[1.0], [4.0, 4.0, 4.0]]
    shards = two_replicas.experimental_distribute_values_from_function(
        lambda context: tf.constant(errors[context.replica_id_in_sync_group])
    )

    @tf.function
    def update(values):
        two_replicas.run(
            lambda error: metric.update_state(
                {"error": error, "count": tf.ones_like(error)}
            ),
            args=(values,),
        )

    update(shards)
    assert float(metric.result()) == 13 / 4


def test_baselines_are_told_from_metrics():
    ratios = {
        "l1": ratio.Ratio("error", "pixels"),
        "l1_mean": ratio.Ratio("mean_error", "pixels", baseline_of="l1"),
    }
    names = ["loss", "l1_mean", "l1"]
    assert ratio.without_baselines(ratios, names) == ["loss", "l1"]
