"""Builder of single scenes drawn in CLEVR-SV's manner, with labels."""

import functools

from tfstory.datasets import splits
from tfstory.datasets.clevr_sv import drawing, labels, scenes, vectors
from tfstory.datasets.scene_builder import SceneBuilder


class ClevrScenes(SceneBuilder):
    """The frames of each drawn story, and the labels of their cells."""

    DESCRIPTION = "Scenes in CLEVR-SV's manner and what stands where in them."
    ARGUMENTS = {
        # Not that of the stories that a generator learns from, `clevr_sv`'s.
        "seed": 1,
        "train_stories": 2_000,
        "validation_stories": 100,
        "test_stories": 100,
    }
    LABELS = labels.LABELS
    FRAMES = vectors.OBJECTS
    name = "clevr_scenes"

    def scene(self, split, index, frame):
        """See the base class."""
        # Each split has scenes of its own, however many others take.
        number = len(splits.SPLITS) * index + splits.SPLITS.index(split)
        objects, pictures = _story(self.arguments["seed"], number)
        return pictures[frame], labels.label(objects[: frame + 1])


# The frames of a story are read one after the other.
@functools.lru_cache(maxsize=1)
def _story(seed, index):
    scene = scenes.random_scene(seed, index)
    return [solid.item for solid in scene.solids], drawing.draw(scene)
