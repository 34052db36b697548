"""Builder of single scenes of the shape stories, with labels."""

import functools

from tfstory.datasets.scene_builder import SceneBuilder
from tfstory.datasets.shape_stories import labels
from tfstory.datasets.shape_stories.stories import (
    MIN_FRAMES,
    MIN_IMAGE_SIZE,
    generate_story,
)


class ShapeScenes(SceneBuilder):
    """The first frames of each story, and the labels of their cells."""

    DESCRIPTION = "Scenes of shape stories and what stands where in them."
    ARGUMENTS = {
        "seed": 0,
        "train_stories": 4_000,
        "validation_stories": 200,
        "test_stories": 200,
        "image_size": 64,
    }
    AT_LEAST = {"image_size": MIN_IMAGE_SIZE}
    LABELS = labels.LABELS
    FRAMES = MIN_FRAMES
    name = "shape_scenes"

    def scene(self, split, index, frame):
        """See the base class."""
        arguments = self.arguments
        story = _story(arguments["seed"], split, index, arguments["image_size"])
        return story.images[frame], labels.label(story.scenes[frame])


# The frames of a story are read one after the other.
_story = functools.lru_cache(maxsize=1)(generate_story)
