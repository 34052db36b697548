"""A matcher small enough for tests, and stories for it."""

import pathlib

import keras

from tests.systems import configs
from tests.systems.story_reasoning import tiny
from tfstory.systems.story_matcher.system import StoryMatcher

SIZE = tiny.SIZE
FRAMES = tiny.FRAMES
JOINT_SIZE = 6
# Raw stories: random pictures and sentences of known words.
raw_batch = tiny.raw_batch


def config(name="shapes"):
    """Returns a config of the project cut down in size."""
    result = configs.load("story_matcher", name)
    result.data.image_size = SIZE
    result.data.frames = FRAMES
    result.data.max_tokens = 8
    result.model.update(
        {
            "widths": (4, 8),
            "embedding_size": 5,
            "sentence_size": 6,
            "units": 7,
            "joint_size": JOINT_SIZE,
        }
    )
    return result


def system(directory):
    """Returns an untrained system with its vocabulary in `directory`."""
    path = pathlib.Path(directory) / "vocabulary.txt"
    path.write_text("".join(f"{word}\n" for word in tiny.WORDS))
    keras.utils.set_random_seed(0)
    return StoryMatcher(config(), str(path))
