"""What stands where can be read out of described stories."""

import numpy as np
import pytest

from tfstory.datasets.clevr_sv import labels, places, scenes, telling, vectors
from tfstory.datasets.clevr_sv.camera import RIGHT
from tfstory.errors import UserError

FIRST = "there is a small blue rubber cylinder at column 12 and row 9"
SECOND = (
    "a large purple metal cube at column 3 and row 5 is behind the small blue "
    "rubber cylinder"
)


def test_a_frame_holds_what_was_told_so_far():
    expected = np.zeros([2, 48, 4])
    # Column 2 and row 2 of cells of four, from 0.
    expected[:, 2 * 8 + 2] = [3, 3, 1, 2]
    # Column 0, row 1.
    expected[1, 8] = [1, 6, 2, 1]
    found = telling.labels_of([FIRST, SECOND])
    np.testing.assert_array_equal(found, expected)


def test_of_two_told_in_one_cell_the_lower_counts():
    above = SECOND.replace("column 3 and row 5", "column 10 and row 10")
    found = telling.labels_of([FIRST.replace("row 9", "row 11"), above])
    assert found[1, 2 * 8 + 2].tolist() == [3, 3, 1, 2]


def test_sentences_tell_what_scenes_are_labelled_with():
    for index in range(40):
        scene = scenes.random_scene(7, index)
        items = [solid.item for solid in scene.solids]
        so_far = [items[: count + 1] for count in range(len(items))]
        told = [
            vectors.sentence(part, RIGHT, places.told(part[-1]))
            for part in so_far
        ]
        np.testing.assert_array_equal(
            telling.labels_of(told), [labels.label(part) for part in so_far]
        )


@pytest.mark.parametrize(
    "sentences",
    [
        # Without a place; from the second frame on; a first frame again.
        ["there is a small blue rubber cylinder"],
        [SECOND],
        [FIRST, FIRST],
        [FIRST, SECOND.replace(" at column 3 and row 5", "")],
        [FIRST, SECOND.partition(" is ")[0]],
        [FIRST.replace("blue", "pink")],
        # The picture has 32 columns and 24 rows, from 1.
        [FIRST.replace("12", "33")],
        [FIRST.replace("9", "25")],
        [FIRST.replace("9", "0")],
        [FIRST + " and more"],
        [""],
    ],
)
def test_other_stories_are_refused(sentences):
    with pytest.raises(UserError, match="described=True.* first frame on$"):
        telling.labels_of(sentences)
