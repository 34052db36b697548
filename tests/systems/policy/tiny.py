"""Policies small enough for tests, and sequences for them."""

import pathlib
from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from tfstory.systems.policy.system import PolicySystem
from tfstory.systems.seq_gan import defaults as seq_defaults
from tfstory.systems.seq_gan.system import SeqGan
from tfstory.systems.text_gan import defaults as text_defaults
from tfstory.systems.text_gan.system import TextGan

SIZE, LENGTH = 12, 5
WORDS = ["a", "red", "ball", "rolls", "and", "rests", "here", "now"]
_MODEL = {
    "embedding_size": 5,
    "units": 6,
    "deviation": 0.7,
    "discriminator_embedding_size": 4,
    "discriminator_units": 5,
    "discriminator_divisor": 50,
}

# For the recurrent discriminator, which has none.
NO_L2 = {
    f"stages.{name}.discriminator_l2": 0.0
    for name in ("discriminator", "adversarial")
}


def config(system: str, changes: Mapping | None = None):
    """Returns a system's defaults cut down in size.

    Args:
      system: "text_gan" or "seq_gan".
      changes: dotted key to value.
    """
    defaults = {"text_gan": text_defaults, "seq_gan": seq_defaults}[system]
    result = defaults.get_config()
    result.model.update(_MODEL)
    result.reward.roll_outs = 2
    result.evaluation.samples = 6
    if system == "text_gan":
        result.data.max_tokens = LENGTH + 2
        result.data.min_word_count = 1
    else:
        builder = result.data.builder
        builder.vocabulary_size, builder.length = SIZE, LENGTH
    for stage in result.stages.values():
        stage.epochs, stage.batch_size = 1, 4
        if "set_size" in stage:
            stage.set_size, stage.passes = 8, 2
    result.update_from_flattened_dict(changes or {})
    return result


def seq_gan(changes: Mapping | None = None) -> SeqGan:
    """Returns a system of numbers: an LSTM against convolutions."""
    keras.utils.set_random_seed(0)
    return SeqGan(config("seq_gan", changes))


def text_gan(directory, changes: Mapping | None = None) -> TextGan:
    """Returns a system of words: a GRU against a GRU.

    Args:
      directory: where its vocabulary goes.
      changes: as in `config`.
    """
    path = pathlib.Path(directory) / "vocabulary.txt"
    path.write_text("".join(f"{word}\n" for word in WORDS))
    keras.utils.set_random_seed(0)
    system = TextGan(config("text_gan", changes), str(path))
    # Lines of few words: some end before others.
    model = system.model
    for policy in filter(None, (model.policy, model.roll_out_policy)):
        bias, _ = policy.word_weights[1]
        bias.assign_add(1.5 * tf.one_hot(policy.alphabet.end, SIZE))
    return system


def raw_batch(system: PolicySystem, count: int = 7, seed: int = 0):
    """Returns raw examples: numbers, or lines of unequal length."""
    generator = np.random.default_rng(seed)
    if isinstance(system, SeqGan):
        shape = [count, LENGTH]
        return {"tokens": tf.constant(generator.integers(0, SIZE, shape))}
    lines = [
        " ".join(generator.choice(WORDS, generator.integers(0, LENGTH + 1)))
        for _ in range(count)
    ]
    return {"text": tf.constant(lines)}


def batch(system: PolicySystem, count: int = 7, seed: int = 0):
    """Returns a prepared batch."""
    return system.prepare(raw_batch(system, count, seed))


def stage(system: PolicySystem, name: str = "adversarial", steps: int = 20):
    """Returns a stage of the system, built."""
    (plan,) = [plan for plan in system.stages() if plan.name == name]
    return plan.build(steps)


def fit(stage, batch, steps: int, epochs: int = 1):
    """Trains on one batch; returns the metrics of each epoch."""
    data = tf.data.Dataset.from_tensors(batch).repeat()
    return stage.fit(
        data, steps_per_epoch=steps, epochs=epochs, shuffle=False, verbose=0
    ).history


def step(stage, batch):
    """Takes an adversarial step without a graph; returns the metrics."""
    return stage.kinds()[stage.next_kind()][1](batch)


def weights(system: PolicySystem) -> dict[str, np.ndarray]:
    """Returns all weights, by network and place."""
    return {
        f"{name}/{index}": variable.numpy()
        for name, network in system.networks.items()
        for index, variable in enumerate(network.weights)
    }


def changed(system: PolicySystem, before: Mapping[str, np.ndarray]) -> set[str]:
    """Returns the networks with weights that differ from those before."""
    return {
        name.split("/")[0]
        for name, weight in weights(system).items()
        if not np.array_equal(weight, before[name])
    }
