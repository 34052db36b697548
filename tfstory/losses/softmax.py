"""Losses of a softmax over a large vocabulary, from the states before it.

Those that TensorFlow would find from `states @ kernel^T + bias`, in two thirds
of its time or less on CPUs: the output layer and the softmax are most of what a
small language model does.
"""

import tensorflow as tf


def cross_entropy(
    states: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, targets: tf.Tensor
) -> tf.Tensor:
    """Returns the negative log-likelihood of each target.

    Args:
      states: float32 `[rows, units]`.
      kernel: float32 `[vocabulary, units]`.
      bias: float32 `[vocabulary]`.
      targets: int32 `[rows]`.

    Returns:
      float32 `[rows]`, in nats.
    """

    @tf.custom_gradient
    def run(states, kernel, bias):
        logits, probabilities, normalizer = _softmax(states, kernel, bias)
        nll = normalizer - tf.gather(logits, targets, batch_dims=1)

        def gradient(upstream):
            return _gradients(
                states, kernel, probabilities, upstream, targets, upstream
            )

        return nll, gradient

    return run(states, tf.convert_to_tensor(kernel), tf.convert_to_tensor(bias))


def cross_entropy_and_entropy(
    states: tf.Tensor, kernel: tf.Tensor, bias: tf.Tensor, targets: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Returns what `cross_entropy` does, and each row's entropy beside it.

    The entropy is H = log Z - sum of p l, with probabilities p and logits l;
    its derivative by a logit is -p (log p + H).

    Args:
      states, kernel, bias, targets: as in `cross_entropy`.

    Returns:
      Two float32 `[rows]`, in nats.
    """

    @tf.custom_gradient
    def run(states, kernel, bias):
        logits, probabilities, normalizer = _softmax(states, kernel, bias)
        nll = normalizer - tf.gather(logits, targets, batch_dims=1)
        entropy = normalizer - tf.reduce_sum(probabilities * logits, axis=-1)

        def gradient(of_nll, of_entropy):
            constant = of_nll + of_entropy * (normalizer - entropy)
            of_logits = probabilities * (
                constant[:, tf.newaxis] - of_entropy[:, tf.newaxis] * logits
            )
            return _gradients(
                states,
                kernel,
                of_logits,
                tf.ones_like(of_nll),
                targets,
                of_nll,
            )

        return (nll, entropy), gradient

    return run(states, tf.convert_to_tensor(kernel), tf.convert_to_tensor(bias))


def _softmax(states, kernel, bias):
    """Logits, probabilities, and the logarithm of what makes them add up."""
    logits = tf.nn.bias_add(tf.matmul(states, kernel, transpose_b=True), bias)
    probabilities = tf.nn.softmax(logits)
    # The likeliest token's probability is never so small that it is lost.
    normalizer = tf.reduce_max(logits, axis=-1) - tf.math.log(
        tf.reduce_max(probabilities, axis=-1)
    )
    return logits, probabilities, normalizer


def _gradients(states, kernel, values, weights, targets, of_targets):
    """Gradients of states, kernel and bias.

    Those of logits are `values`, each row times its weight, less `of_targets`
    at the targets; they are never written down.
    """
    weighted = states * of_targets[:, tf.newaxis]
    rows = targets[:, tf.newaxis]
    of_states = weights[:, tf.newaxis] * tf.matmul(values, kernel)
    of_states -= of_targets[:, tf.newaxis] * tf.gather(kernel, targets)
    of_kernel = tf.tensor_scatter_nd_sub(
        tf.matmul(values, states * weights[:, tf.newaxis], transpose_a=True),
        rows,
        weighted,
    )
    of_bias = tf.tensor_scatter_nd_sub(
        tf.linalg.matvec(values, weights, transpose_a=True), rows, of_targets
    )
    return of_states, of_kernel, of_bias
