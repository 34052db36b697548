"""A system of a few weights and stories of 8x8 pictures, for the pipeline."""

import io

import keras
import ml_collections
import numpy as np
import tensorflow as tf
from PIL import Image

from tfstory import pictures, stories
from tfstory.datasets import records
from tfstory.metrics.ratio import Ratio
from tfstory.systems import replicas
from tfstory.systems.stage import Stage, StagePlan
from tfstory.systems.story_reasoning import asking
from tfstory.systems.system import System
from tfstory.text.tokenizer import Tokenizer

NAME = "toy_story"
FRAMES = 3
SIZE = 8
_RATIOS = {
    "l1": Ratio("error", "pixels"),
    "l1_copy_last": Ratio("copy_error", "pixels", baseline_of="l1"),
    "known_words": Ratio("known", "words", higher_is_better=True),
}


def config(epochs: int = 1, **gates: float) -> ml_collections.ConfigDict:
    """Returns the toy's config with these gates."""
    return ml_collections.ConfigDict(
        {
            "system": NAME,
            "seed": 3,
            "data": {
                "dataset": "toy",
                "frames": FRAMES,
                "image_size": SIZE,
                "max_tokens": 6,
                "vocabulary_size": 12,
            },
            "stages": {"only": {"epochs": epochs, "batch_size": 8}},
            "training": {
                "strategy": "one_device",
                "mixed_precision": False,
                "xla": False,
                "checkpoint_every_steps": 2,
                "keep_checkpoints": 1,
                "cache": True,
                "shuffle_buffer": 10,
            },
            "pipeline": {
                "gates": gates or {"l1": 1.0},
                "no_worse": ["l1"],
                "better_than_baselines": ["l1"],
                "latency_budget_ms": 5000.0,
            },
        }
    )


def story(number: int, caption: str = "a dot goes on") -> stories.Story:
    """Returns a story whose pictures get brighter from frame to frame."""
    return stories.Story(
        story_id=f"toy-{number}#0",
        source="dots" if number % 2 else "lines",
        images=[_png(10 + number + 40 * frame) for frame in range(FRAMES)],
        sentences=[caption and f"{caption} {i}" for i in range(FRAMES)],
        story_length=FRAMES + number % 2,
    )


def write_examples(
    directory, count: int = 24, caption: str = "a dot goes on"
) -> str:
    """Writes the three splits under a directory; returns it."""
    first = 0
    for split, number in (
        ("train", count),
        ("validation", count // 3),
        ("test", count // 3),
    ):
        encoded = [
            stories.encode(story(i, caption)).SerializeToString()
            for i in range(first, first + number)
        ]
        parsed = stories.example_format(FRAMES).parse(tf.constant(encoded))
        records.write(
            tf.data.Dataset.from_tensor_slices(parsed), directory / split
        )
        first += number
    return str(directory)


class ToyStory(System):
    """The next picture is the last one and a learned difference."""

    ratios = _RATIOS
    text_feature = stories.SENTENCES

    def __init__(self, config, vocabulary_path):
        super().__init__(config, vocabulary_path)
        self.tokenizer = Tokenizer(vocabulary_path, config.data.max_tokens)
        self.model = keras.Sequential(
            [
                keras.Input((SIZE, SIZE, 3)),
                keras.layers.Conv2D(3, 1, kernel_initializer="zeros"),
            ]
        )

    @property
    def networks(self):
        return {"model": self.model}

    @property
    def resources(self):
        return {"tokenizer": self.tokenizer}

    def prepare(self, batch):
        tokens = batch.get("tokens")
        if tokens is None:
            tokens = self.tokenizer.tokenize(batch[stories.SENTENCES])
        return {
            "images": pictures.decode(batch[stories.IMAGES], SIZE),
            "tokens": tokens,
        }

    def next_frame(self, last):
        return last + self.model(last)

    def evaluate(self, batch):
        frames = pictures.to_unit(batch["images"])
        last, real = frames[:, -2], frames[:, -1]
        words = tf.cast(batch["tokens"] > 2, tf.float32)
        known = tf.cast(batch["tokens"] > 3, tf.float32)
        axes = [1, 2, 3]
        return {
            "error": tf.reduce_sum(tf.abs(self.next_frame(last) - real), axes),
            "copy_error": tf.reduce_sum(tf.abs(last - real), axes),
            "pixels": tf.reduce_sum(tf.ones_like(real), axes),
            "known": tf.reduce_sum(known, [1, 2]),
            "words": tf.reduce_sum(words, [1, 2]),
        }

    def stages(self):
        plan = self.config.stages.only
        return [StagePlan("only", self._stage, plan.batch_size, plan.epochs)]

    def _stage(self, steps):
        stage = Only("only", self.config.seed, _RATIOS)
        stage.toy = self
        stage.compile(optimizer=keras.optimizers.SGD(0.05))
        stage.optimizer.build(self.model.trainable_variables)
        return stage

    def signatures(self):
        @tf.function(
            input_signature=[
                tf.TensorSpec([None, FRAMES - 1], tf.string, name="images"),
                tf.TensorSpec([None, FRAMES - 1], tf.string, name="sentences"),
                tf.TensorSpec([None], tf.float32, name="temperature"),
                tf.TensorSpec([None], tf.int64, name="seed"),
            ]
        )
        def predict_next(images, sentences, temperature, seed):
            last = pictures.to_unit(pictures.decode(images[:, -1], SIZE))
            drawn = pictures.to_uint8(self.next_frame(last))
            return {
                "image": pictures.encode_png(drawn),
                "caption": sentences[:, -1],
                "log_probability": 0.0 * temperature
                + tf.cast(0 * seed, tf.float32),
            }

        return {"predict_next": predict_next}

    def request_inputs(self, batch):
        count = len(batch[stories.IMAGES])
        return {
            "predict_next": {
                "images": batch[stories.IMAGES][:, :-1],
                "sentences": batch[stories.SENTENCES][:, :-1],
                "temperature": np.zeros([count], np.float32),
                "seed": np.zeros([count], np.int64),
            }
        }

    @classmethod
    def ask_served(cls, config, example, ask, directory):
        return asking.ask_served(example, ask, directory)

    def sample_sheet(self, batch):
        frames = pictures.to_unit(batch["images"])
        drawn = pictures.to_uint8(self.next_frame(frames[:, -2]))
        return np.concatenate(list(drawn.numpy()), axis=1)


class Only(Stage):
    """Absolute error of the next picture."""

    def train_step(self, batch):
        variables = self.toy.model.trainable_variables
        with tf.GradientTape() as tape:
            sums = self.toy.evaluate(batch)
            loss = replicas.global_mean(sums["error"] / sums["pixels"])
        self.optimizer.apply(tape.gradient(loss, variables), variables)
        return {"loss": loss, **self.update_ratios(sums)}

    def test_step(self, batch):
        sums = self.toy.evaluate(batch)
        return self.update_ratios(sums)


def _png(value: int) -> bytes:
    file = io.BytesIO()
    array = np.full((SIZE, SIZE, 3), value % 256, np.uint8)
    Image.fromarray(array).save(file, "PNG")
    return file.getvalue()
