"""A StoryReasoning system small enough for tests, and stories for it."""

import pathlib

import numpy as np
import tensorflow as tf

from tests.systems import configs
from tfstory.systems.story_reasoning.system import StoryReasoning

SIZE = 16
FRAMES = 5
WORDS = ["the", "red", "circle", "moves", "left", "right", ".", "blue"]


def config(name="shapes", **model):
    """Returns a config of the project cut down in size."""
    result = configs.load("story_reasoning", name)
    result.data.image_size = SIZE
    result.data.max_tokens = 8
    result.model.encoder_widths = (8, 8)
    result.model.latent_size = 12
    result.model.units = 8
    result.model.embedding_size = 8
    result.model.update(model)
    return result


def system(directory, name="shapes", words=WORDS, **model):
    """Returns a system with its vocabulary in `directory`."""
    path = pathlib.Path(directory) / "vocabulary.txt"
    path.write_text("".join(f"{word}\n" for word in words))
    tf.keras.utils.set_random_seed(0)
    return StoryReasoning(config(name, **model), str(path))


def raw_batch(count=3, seed=0):
    """Returns raw stories: random pictures and sentences of known words."""
    generator = np.random.default_rng(seed)
    pictures = generator.integers(
        0, 256, [count, FRAMES, SIZE, SIZE, 3], dtype=np.uint8
    )
    encoded = [
        [tf.io.encode_png(frame).numpy() for frame in story]
        for story in pictures
    ]
    sentences = [
        [
            " ".join(generator.choice(WORDS, generator.integers(1, 6)))
            for _ in range(FRAMES)
        ]
        for _ in range(count)
    ]
    return {
        "images": tf.constant(encoded),
        "sentences": tf.constant(sentences),
        "decided": tf.constant(sentences),
    }


def with_unequal_changes(prepared):
    """Lets more of the next picture stay from story to story."""
    images = prepared["images"].numpy()
    for story, pictures in enumerate(images):
        pictures[-1, : 3 + 4 * story] = pictures[-2, : 3 + 4 * story]
    return {**prepared, "images": tf.constant(images)}
