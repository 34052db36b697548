"""A system of a few weights with two stages, for the tests of training."""

import keras
import ml_collections
import numpy as np
import tensorflow as tf

from tfstory.metrics.ratio import Ratio
from tfstory.systems import replicas
from tfstory.systems.stage import Stage, StagePlan
from tfstory.systems.system import System

_RATIOS = {
    "error": Ratio("error", "count"),
    "error_of_zero": Ratio("zero_error", "count", baseline_of="error"),
}


def long_epochs(**training) -> ml_collections.ConfigDict:
    """Returns a config whose epochs are no passes, of two steps a call."""
    result = config(**training)
    for stage in result.stages.values():
        stage.update(epoch_steps=4, steps_per_execution=2)
    result.stages.first.batch_size = 3
    return result


def config(**training) -> ml_collections.ConfigDict:
    """Returns the toy's config; `training` overrides its training part."""
    return ml_collections.ConfigDict(
        {
            "system": "toy",
            "seed": 7,
            "data": {},
            "stages": {
                "first": {
                    "epochs": 2,
                    "batch_size": 4,
                    "learning_rate": 0.05,
                    "keep_best": "",
                },
                "second": {
                    "epochs": 2,
                    "batch_size": 3,
                    "learning_rate": 0.02,
                    # The worst epoch: the first, so that keeping it shows.
                    "keep_best": "error",
                },
            },
            "training": {
                "strategy": "auto",
                "mixed_precision": False,
                "xla": False,
                "checkpoint_every_steps": 2,
                "keep_checkpoints": 2,
                "cache": True,
                "shuffle_buffer": 100,
                **training,
            },
        }
    )


def examples(count: int, first: int = 0) -> tf.data.Dataset:
    """Returns raw examples: a number `x` and the text of what it shall be."""
    numbers = np.random.default_rng(first).normal(size=(count, 3))
    x = numbers.astype(np.float32)
    y = [f"{value:.4f}" for value in np.sin(x).sum(axis=1)]
    ids = np.arange(first, first + count)
    return tf.data.Dataset.from_tensor_slices({"x": x, "y": y, "id": ids})


class Toy(System):
    """A regression with noise; the second stage has a critic beside it."""

    ratios = _RATIOS

    def __init__(self, config, vocabulary_path="", stages=(0, 1)):
        super().__init__(config, vocabulary_path)
        self._stages = stages
        keras.utils.set_random_seed(config.seed)
        self.model = keras.Sequential(
            [
                keras.Input((3,)),
                keras.layers.Dense(5, activation="tanh"),
                keras.layers.Dense(1),
            ]
        )
        self.critic = keras.Sequential(
            [keras.Input((1,)), keras.layers.Dense(2), keras.layers.Dense(1)]
        )
        self.offset = Offset()
        self.adapted = 0

    @property
    def networks(self):
        return {
            "model": self.model,
            "critic": self.critic,
            "offset": self.offset,
        }

    def prepare(self, batch):
        return {
            "x": batch["x"],
            "y": tf.strings.to_number(batch["y"]),
            "id": batch["id"],
        }

    def adapt(self, batches):
        self.adapted += 1
        y = np.concatenate([batch["y"] for batch in batches])
        self.offset.value.assign(y.mean())

    def stages(self):
        plans = [self._plan("first", First), self._plan("second", Second)]
        return [plans[index] for index in self._stages]

    def _plan(self, name, stage_class):
        config = self.config.stages[name]

        def build(steps):
            return stage_class(name, self, config, steps)

        return StagePlan(
            name,
            build,
            config.batch_size,
            config.epochs,
            config.keep_best,
            higher_is_better=True,
            epoch_steps=config.get("epoch_steps", 0),
            steps_per_execution=config.get("steps_per_execution", 1),
        )

    def predict(self, x):
        return tf.cast(self.model(x)[:, 0], tf.float32) + self.offset.value

    def evaluate(self, batch):
        error = tf.square(self.predict(batch["x"]) - batch["y"])
        return {
            "error": error,
            "zero_error": tf.square(batch["y"]),
            "count": tf.ones_like(error),
        }

    def sample_sheet(self, batch):
        shade = tf.clip_by_value(self.predict(batch["x"])[:2], -1.0, 1.0)
        row = np.asarray(127 * (shade + 1), np.uint8)
        return np.tile(row[None, :, None], (2, 1, 3))

    def signatures(self):
        raise NotImplementedError

    def request_inputs(self, batch):
        raise NotImplementedError


class Offset(keras.layers.Layer):
    """A statistic of the training data, kept as a weight."""

    def __init__(self):
        super().__init__(trainable=False)
        self.value = self.add_weight(name="value", shape=())
        self.built = True


class First(Stage):
    """Squared error of noisy inputs."""

    def __init__(self, name, system, config, steps):
        super().__init__(name, system.config.seed, _RATIOS, {"loss": 1.0})
        self._toy = system
        self.compile(
            optimizer=keras.optimizers.Adam(
                keras.optimizers.schedules.CosineDecay(
                    config.learning_rate, steps
                )
            )
        )
        self.optimizer.build(system.model.trainable_variables)

    def noisy_loss(self, batch):
        # Drawn for the whole batch by its ids, so that replicas draw what
        # one device draws.
        noise = tf.map_fn(
            lambda i: tf.random.stateless_normal(
                [3],
                tf.stack([tf.cast(i, tf.int32), 0])
                + tf.cast(self.optimizer.iterations, tf.int32),
            ),
            batch["id"],
            fn_output_signature=tf.float32,
        )
        out = self._toy.predict(batch["x"] + 0.1 * noise)
        return replicas.weighted_mean(tf.square(out - batch["y"]))

    def train_step(self, batch):
        variables = self._toy.model.trainable_variables
        with tf.GradientTape() as tape:
            loss = self.noisy_loss(batch)
            scaled = self.optimizer.scale_loss(loss.share)
        self.optimizer.apply(tape.gradient(scaled, variables), variables)
        return self._log(loss, batch)

    def test_step(self, batch):
        sums = self._toy.evaluate(batch)
        return self._log(replicas.weighted_mean(sums["error"]), batch)

    def _log(self, loss, batch):
        return {
            **self.update_losses({"loss": loss}),
            **self.update_ratios(self._toy.evaluate(batch)),
        }


class Second(First):
    """The same, with a critic that has an optimizer of its own."""

    def __init__(self, name, system, config, steps):
        super().__init__(name, system, config, steps)
        self.critic_optimizer = self.scaling(
            keras.optimizers.RMSprop(config.learning_rate)
        )
        self.critic_optimizer.build(system.critic.trainable_variables)

    def train_step(self, batch):
        variables = self._toy.critic.trainable_variables
        with tf.GradientTape() as tape:
            out = self._toy.critic(batch["y"][:, None])[:, 0]
            out = tf.cast(out, tf.float32)
            loss = replicas.global_mean(
                tf.square(out - self._toy.predict(batch["x"]))
            )
            scaled = self.critic_optimizer.scale_loss(loss)
        self.critic_optimizer.apply(tape.gradient(scaled, variables), variables)
        return super().train_step(batch)
