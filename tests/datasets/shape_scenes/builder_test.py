"""Scenes come with labels of what stands in them."""

import numpy as np

from tfstory.datasets import prepare
from tfstory.datasets.shape_stories import generate_story, labels


def test_scenes_are_those_of_the_stories(tmp_path):
    builder = prepare.prepare(
        "shape_scenes",
        tmp_path,
        builder_args={
            "train_stories": 2,
            "validation_stories": 1,
            "test_stories": 1,
            "image_size": 32,
        },
    )
    raw = list(builder.examples("train", {}).as_numpy_iterator())
    assert len(raw) == 10
    by_name = {example["example_id"].decode(): example for example in raw}
    for index in range(2):
        story = generate_story(0, "train", index, 32)
        for frame in range(5):
            example = by_name[f"train-{index:07d}-{frame}"]
            assert example["image"] == story.images[frame]
            np.testing.assert_array_equal(
                example["labels"], labels.label(story.scenes[frame])
            )
