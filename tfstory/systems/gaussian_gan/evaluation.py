"""GaussianGan's metrics as per-example sums."""

from collections.abc import Mapping

import tensorflow as tf

from tfstory import examples
from tfstory.metrics import distributions
from tfstory.metrics.ratio import Ratio
from tfstory.systems.gaussian_gan.model import GaussianModel

# Of the generator's points, the discriminator judges each eighth.
_EVERY = 8

RATIOS: Mapping[str, Ratio] = {
    "ks": Ratio(
        "ks",
        "count",
        about="Kolmogorov-Smirnov distance of the samples to the target",
    ),
    "ks_constant": Ratio("ks_constant", "count", baseline_of="ks"),
    "ks_uniform": Ratio("ks_uniform", "count", baseline_of="ks"),
    "wasserstein": Ratio(
        "wasserstein",
        "count",
        about="Wasserstein-1 distance of the samples to the target",
    ),
    "wasserstein_constant": Ratio(
        "wasserstein_constant", "count", baseline_of="wasserstein"
    ),
    "wasserstein_uniform": Ratio(
        "wasserstein_uniform", "count", baseline_of="wasserstein"
    ),
    "mean": Ratio("mean", "count", about="of the samples"),
    "deviation": Ratio(
        "deviation", "count", about="standard deviation of the samples"
    ),
    "deviation_error": Ratio(
        "deviation_error",
        "count",
        about="how far it is from the true one, as a share of that",
    ),
    "peak_share": Ratio(
        "peak_share",
        "count",
        about="largest share of samples within a fifth of the true deviation",
    ),
    "peak_share_truth": Ratio(
        "peak_share_truth", "count", baseline_of="peak_share"
    ),
    "modes_hit": Ratio(
        "modes_hit",
        "count",
        higher_is_better=True,
        about="the target's modes that samples fall into",
    ),
    "decision_distance_real": Ratio(
        "decision_distance_real",
        "count",
        about="mean of |D - 1/2| over the data, beside real numbers",
    ),
    "decision_distance_generated": Ratio(
        "decision_distance_generated",
        "count",
        about="mean of |D - 1/2| over generated numbers, beside each other",
    ),
}


def sums(
    batch: Mapping[str, tf.Tensor], model: GaussianModel
) -> dict[str, tf.Tensor]:
    """Returns the sums of `RATIOS`, float32 `[batch]` each.

    What the generator makes does not depend on the examples: its figures,
    which come from even z (`GaussianModel.quadrature`), are the same for all,
    and so is their mean over any number of them.

    Args:
      batch: prepared batch.
      model: GaussianModel.
    """
    values = batch[examples.VALUE]
    generated = model.quadrature()
    figures = {
        **_figures(generated, model),
        **_trivial(model),
        "decision_distance_generated": tf.reduce_mean(
            _distance(model.decide_generated(generated[::_EVERY]))
        ),
        "count": tf.constant(1.0),
    }
    return {
        **{
            name: tf.fill(tf.shape(values), figure)
            for name, figure in figures.items()
        },
        "decision_distance_real": _distance(model.decide(values)),
    }


def _figures(generated, model) -> dict[str, tf.Tensor]:
    target = model.target
    mixture = target.mixture
    truth = tf.constant(target.quantiles)
    deviation = tf.math.reduce_std(generated)
    true_deviation = mixture.standard_deviation
    width = 0.2 * true_deviation
    return {
        "ks": distributions.ks_distance(generated, target.cdf),
        "wasserstein": distributions.wasserstein(generated, truth),
        "mean": tf.reduce_mean(generated),
        "deviation": deviation,
        "deviation_error": tf.abs(deviation / true_deviation - 1.0),
        "peak_share": distributions.peak_share(generated, width),
        "peak_share_truth": distributions.peak_share(truth, width),
        "modes_hit": distributions.modes_hit(
            generated, mixture.means, mixture.deviations, target.cdf
        ),
    }


def _trivial(model) -> dict[str, tf.Tensor]:
    """The true mean alone, and the even numbers that z itself is."""
    target = model.target
    truth = tf.constant(target.quantiles)
    constant = tf.fill(tf.shape(truth), target.mixture.mean)
    even = model.even_z(len(target.quantiles))
    found = {}
    for name, values in (("constant", constant), ("uniform", even)):
        found[f"ks_{name}"] = distributions.ks_distance(values, target.cdf)
        found[f"wasserstein_{name}"] = distributions.wasserstein(values, truth)
    return found


def _distance(probabilities) -> tf.Tensor:
    return tf.abs(probabilities - 0.5)
