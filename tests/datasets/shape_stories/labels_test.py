"""Labels say what stands where."""

import numpy as np

from tfstory.datasets.shape_stories import generate_stories, labels
from tfstory.datasets.shape_stories.objects import STEPS, SceneObject


def test_each_object_has_its_cell():
    found = labels.label(
        [
            SceneObject("circle", "red", STEPS[0], STEPS[0], 0.07),
            SceneObject("arrow", "black", STEPS[6], STEPS[1], 0.14),
            # Between two steps: to the nearest.
            SceneObject("ring", "blue", 0.38, 0.65, 0.10),
        ]
    )
    expected = np.zeros([49, 3])
    expected[0] = [1, 1, 1]
    expected[7 + 6] = [10, 9, 3]
    expected[4 * 7 + 2] = [7, 5, 2]
    np.testing.assert_array_equal(found, expected)


def test_the_foremost_counts_and_no_hidden_one():
    behind = SceneObject("circle", "red", 0.5, 0.5, 0.14)
    before = SceneObject("star", "pink", 0.5, 0.5, 0.07)
    np.testing.assert_array_equal(labels.label([behind, before])[24], [4, 7, 1])
    hidden = SceneObject("star", "pink", 0.5, 0.5, 0.07, visible=False)
    np.testing.assert_array_equal(labels.label([behind, hidden])[24], [1, 1, 3])


def test_every_visible_object_of_a_story_is_labelled():
    for story in generate_stories(4, "test", 60, 32):
        for scene in story.scenes:
            labelled = labels.label(scene)
            seen = sum(item.visible for item in scene)
            assert np.count_nonzero(labelled[:, 0]) == seen
            assert (
                (labelled > 0).all(axis=1) | (labelled == 0).all(axis=1)
            ).all()
