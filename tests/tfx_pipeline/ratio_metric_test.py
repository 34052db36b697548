"""A Ratio comes out of TFMA as it comes out of `Ratio` itself."""

import math

import numpy as np
import pytest
import tensorflow_model_analysis as tfma

from tfstory.metrics.ratio import Ratio
from tfx_pipeline.ratio_metric import RatioMetric


def _compute(metric, elements, shards=2, model_names=("",)):
    """Runs the combiners over predictions as TFMA gives them."""
    results = {}
    for computation in metric.computations(model_names=list(model_names)):
        combiner = computation.combiner
        sums = []
        for shard in range(shards):
            accumulator = combiner.create_accumulator()
            for predictions in elements[shard::shards]:
                accumulator = combiner.add_input(
                    accumulator,
                    tfma.metrics.StandardMetricInputs(
                        {tfma.PREDICTIONS_KEY: predictions}
                    ),
                )
            sums.append(accumulator)
        merged = combiner.merge_accumulators(sums)
        for key, value in combiner.extract_output(merged).items():
            results[key.model_name] = value
            assert key.name == metric.name
    return results


def _element(error, pixels):
    return {"error": np.array([error]), "pixels": np.array([pixels])}


def test_sums_are_divided_not_averaged():
    # (1 + 2 + 6) / (2 + 2 + 8) = 0.75, and the mean of quotients is 0.75 + 1/6.
    elements = [_element(1.0, 2.0), _element(2.0, 2.0), _element(6.0, 8.0)]
    metric = RatioMetric("l1", "error", "pixels")
    assert _compute(metric, elements)[""] == pytest.approx(0.75)


def test_transform_is_that_of_ratio():
    elements = [_element(3.0, 4.0), _element(1.0, 4.0)]
    metric = RatioMetric("perplexity", "error", "pixels", transform="exp")
    value = _compute(metric, elements)[""]
    assert value == pytest.approx(math.exp(0.5))
    assert value == Ratio("error", "pixels", transform="exp").result(4.0, 8.0)


def test_two_models_are_kept_apart():
    elements = [
        {"candidate": _element(1.0, 2.0), "baseline": _element(2.0, 2.0)},
        {"candidate": _element(2.0, 2.0), "baseline": _element(2.0, 2.0)},
    ]
    values = _compute(
        RatioMetric("l1", "error", "pixels"),
        elements,
        model_names=("candidate", "baseline"),
    )
    assert values == {"candidate": 0.75, "baseline": 1.0}


def test_a_model_without_the_sum_gives_nan():
    metric = RatioMetric("l1", "absent", "pixels")
    assert math.isnan(_compute(metric, [_element(1.0, 2.0)])[""])


def test_nothing_counted_gives_nan():
    metric = RatioMetric("l1", "error", "pixels")
    assert math.isnan(_compute(metric, [_element(0.0, 0.0)])[""])
