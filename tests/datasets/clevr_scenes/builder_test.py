"""Drawn scenes come with labels of what stands in them."""

import numpy as np
import tensorflow as tf

from tfstory.datasets import prepare
from tfstory.datasets.clevr_sv import drawing, labels, scenes


def _examples(directory, **arguments):
    counts = {f"{s}_stories": 1 for s in ("train", "validation", "test")}
    builder = prepare.prepare(
        "clevr_scenes", directory, builder_args=counts | arguments
    )
    return {
        (split, example["example_id"].decode()): example
        for split in ("train", "validation", "test")
        for example in builder.examples(split, {}).as_numpy_iterator()
    }


def test_scenes_are_the_frames_of_drawn_stories(tmp_path):
    found = _examples(tmp_path)
    assert len(found) == 12
    scene = scenes.random_scene(1, 0)
    items = [solid.item for solid in scene.solids]
    for frame, picture in enumerate(drawing.draw(scene)):
        example = found["train", f"train-0000000-{frame}"]
        assert example["source"] == b"clevr_scenes"
        assert example["image"] == picture
        assert tf.io.decode_png(picture).shape == [120, 160, 3]
        np.testing.assert_array_equal(
            example["labels"], labels.label(items[: frame + 1])
        )


def test_splits_share_no_scene_whatever_their_sizes(tmp_path):
    few, more = _examples(tmp_path), _examples(tmp_path, train_stories=2)
    assert len({example["image"] for example in more.values()}) == 16
    for name, example in few.items():
        assert more[name]["image"] == example["image"]
