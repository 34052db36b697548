"""A StoryGAN small enough for tests, and stories for it."""

import pathlib

import keras
import tensorflow as tf

from tests.systems import configs
from tests.systems.story_reasoning import tiny
from tfstory import pictures
from tfstory.systems.story_gan.system import StoryGan

SIZE = tiny.SIZE
FRAMES = tiny.FRAMES
WORDS = tiny.WORDS
# Raw stories: random pictures and sentences of known words.
raw_batch = tiny.raw_batch


def config(name="shapes", stage=None, **model):
    """Returns a config of the project cut down in size.

    Args:
      name: file in `configs/story_gan`.
      stage: overrides `config.stages.adversarial`.
      **model: overrides `config.model`.
    """
    result = configs.load("story_gan", name)
    result.data.image_size = SIZE
    result.data.frames = FRAMES
    result.data.max_tokens = 8
    result.model.update(
        {
            "embedding_size": 6,
            "sentence_size": 7,
            "units": 6,
            "context_size": 8,
            "noise_size": 3,
            "filter_size": 3,
            "filter_channels": 2,
            "generator_width": 4,
            "discriminator_width": 4,
            "discriminator_features": 5,
            "gist_with_reading": True,
            "attention_hops": 1,
            "attention_units": 8,
            **model,
        }
    )
    # A generator without discriminators has nothing but this stage.
    result.stages.reconstruction.epochs = int(not result.model.discriminators)
    result.stages.reconstruction.batch_size = 3
    result.stages.adversarial.batch_size = 3
    result.stages.adversarial.image_batch_size = 0
    result.stages.adversarial.update(stage or {})
    return result


def system(directory, name="shapes", stage=None, words=WORDS, **model):
    """Returns a system with its vocabulary in `directory`."""
    path = pathlib.Path(directory) / "vocabulary.txt"
    path.write_text("".join(f"{word}\n" for word in words))
    keras.utils.set_random_seed(0)
    return StoryGan(config(name, stage, **model), str(path))


def stage(system, steps=10):
    """Returns the system's last stage, built."""
    return system.stages()[-1].build(steps)


def pictured(system, count=3, seed=0):
    """Returns a prepared batch with pictures in [0, 1]."""
    prepared = system.prepare(raw_batch(count, seed))
    return {**prepared, "images": pictures.to_unit(prepared["images"])}


def weights(system):
    """Returns all weights, by network and place."""
    return {
        f"{name}/{index}": variable.numpy()
        for name, network in system.networks.items()
        for index, variable in enumerate(network.weights)
    }


def nodes(generator, frames, length):
    """Returns how many operations the graph of stories has."""
    tokens = tf.TensorSpec([2, frames, length], tf.int32)
    draw = tf.function(
        lambda x: generator.stories(x, generator.no_noise(2, frames))
    )
    return len(draw.get_concrete_function(tokens).graph.get_operations())
