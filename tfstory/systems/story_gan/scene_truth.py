"""What stands where in the scenes that stories tell of, by their dataset."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from tfstory import stories
from tfstory.datasets.clevr_sv import labels as clevr_labels
from tfstory.datasets.clevr_sv import telling
from tfstory.datasets.scene_labels import SceneLabels
from tfstory.datasets.shape_stories import generate_scenes
from tfstory.datasets.shape_stories import labels as shape_labels
from tfstory.errors import UserError

NOTHING = b""
# "shapes-test-0-0000019#0": the split, the seed, the story, its first frame.
_SHAPE_STORY = re.compile(r"shapes-(\w+)-(\d+)-(\d+)#(\d+)")


class _Teller(NamedTuple):
    """How the stories of a dataset tell what stands where.

    Attributes:
      labels: what the numbers mean.
      told: takes a window's name and its sentences, returns int64
        `[frames, cells, attributes]`.
    """

    labels: SceneLabels
    told: Callable[[str, Sequence[str]], np.ndarray]


def names(raw: Mapping[str, tf.Tensor]) -> dict[str, np.ndarray]:
    """Returns what stands where in stories.

    Args:
      raw: batch of windows of one dataset.

    Returns:
      Attribute to names, bytes `[batch, frames, cells]`; `NOTHING` where
      nothing stands.

    Raises:
      UserError: the dataset, or a story of it, does not tell it.
    """
    windows = [
        (
            source.decode(),
            story_id.decode(),
            [sentence.decode() for sentence in sentences],
        )
        for source, story_id, sentences in zip(
            raw[stories.SOURCE].numpy(),
            raw[stories.STORY_ID].numpy(),
            raw[stories.SENTENCES].numpy(),
            strict=True,
        )
    ]
    for source, story_id, _ in windows:
        if source not in _TELLERS:
            raise UserError(
                "config.evaluation.attribute_classifier judges stories of "
                f"{' and '.join(_TELLERS)}, and {story_id!r} is none"
            )
    teller = _TELLERS[windows[0][0]]
    found = np.stack([teller.told(*window[1:]) for window in windows])
    return {
        name: np.array([NOTHING, *(v.encode() for v in values)], object)[
            found[..., index]
        ]
        for index, (name, values) in enumerate(teller.labels.attributes.items())
    }


def _shape_story(story_id: str, sentences: Sequence[str]) -> np.ndarray:
    """Labels the scenes anew that the story's name stands for."""
    split, seed, index, first = _SHAPE_STORY.fullmatch(story_id).groups()
    scenes = generate_scenes(int(seed), split, int(index))[int(first) :]
    return np.stack(
        [shape_labels.label(scene) for scene in scenes[: len(sentences)]]
    )


_TELLERS = {
    "shape_stories": _Teller(shape_labels.LABELS, _shape_story),
    "clevr_sv": _Teller(
        clevr_labels.LABELS, lambda _, sentences: telling.labels_of(sentences)
    ),
}
