"""Do the right things stand in the right places, by a classifier's eye?"""

import collections
import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.datasets.shape_stories import generate_scenes, labels
from tfstory.errors import UserError
from tfstory.systems.story_gan import judges

_SYSTEM = "attribute_classifier"
_SIGNATURE = "classify"
_PLACE = "place"
_NOTHING = b""
# "shapes-test-0-0000019#0": the split, the seed, the story, its first frame.
_SHAPE_STORY = re.compile(r"shapes-(\w+)-(\d+)-(\d+)#(\d+)")
# Encoded pictures to the names of what stands in each cell.
Classify = Callable[[tf.Tensor], Mapping[str, np.ndarray]]


def attribute_accuracy(
    batches: Iterable[Mapping[str, tf.Tensor]],
    prepare: Callable[[Mapping[str, tf.Tensor]], Mapping[str, tf.Tensor]],
    generate: Callable[[Mapping[str, tf.Tensor]], tf.Tensor],
    classify: Classify,
) -> dict[str, float]:
    """Judges generated and real stories by the scenes that they tell of.

    Args:
      batches: raw batches of windows of shape stories; 512 windows are judged.
      prepare: raw batch to prepared batch.
      generate: prepared batch to float32 `[batch, frames, h, w, 3]`.
      classify: what `load` returns.

    Returns:
      For place, shape, colour and size `<name>_accuracy`, the share of the
      stories' objects of which it is seen in their place; `false_alarms`, the
      share of empty places where something is seen; `changed_accuracy`, the
      share of places that are not as in the window's first frame of which
      all is seen as it is. Each of them also of the real pictures (`..._real`)
      and of the first scene's truth, shown in every frame
      (`..._first_scene`), which says what a story that stands still would
      reach. `attribute_share`: the mean of the four accuracies as a share of
      that of real pictures. Nothing where there are no stories.

    Raises:
      UserError: these are no shape stories.
    """
    totals = {
        end: collections.Counter() for end in ("", "_real", "_first_scene")
    }
    for raw in judges.first_windows(batches):
        truth = _names(raw)
        batch = prepare(raw)
        generated = pictures.to_uint8(generate(batch))
        for end, seen in (
            ("", _seen(generated, classify)),
            ("_real", _seen(batch[stories.IMAGES], classify)),
            ("_first_scene", {n: _still(names) for n, names in truth.items()}),
        ):
            totals[end].update(_counts(seen, truth))
    if not totals[""]:
        return {}
    metrics, means = {}, {}
    for end, total in totals.items():
        right = {
            f"{name}_accuracy{end}": total[name] / total["objects"]
            for name in (_PLACE, *labels.ATTRIBUTES)
        }
        means[end] = np.mean(list(right.values()))
        metrics |= right
        metrics[f"false_alarms{end}"] = total["false_alarms"] / total["empty"]
        if total["changed"]:
            metrics[f"changed_accuracy{end}"] = (
                total["changed_right"] / total["changed"]
            )
    # A judge that knows nothing of real pictures says nothing of others.
    if means["_real"]:
        metrics["attribute_share"] = float(means[""] / means["_real"])
    return metrics


def load(path: str) -> Classify:
    """Loads an exported `attribute_classifier`.

    Args:
      path: the SavedModel's directory.

    Raises:
      UserError: there is none.
    """
    ask = judges.load(path, _SYSTEM, _SIGNATURE)
    return lambda images: ask(images=images)


def _seen(shown: tf.Tensor, classify: Classify) -> dict[str, np.ndarray]:
    """Returns attribute to names, `[batch, frames, cells]`, of pictures."""
    flat = tf.reshape(judges.encoded(shown), [-1])
    return {
        name: np.reshape(names, [*shown.shape[:2], -1])
        for name, names in classify(flat).items()
    }


def _still(names: np.ndarray) -> np.ndarray:
    """Returns `[batch, frames, cells]` with the first frame in each."""
    return np.repeat(names[:, :1], names.shape[1], axis=1)


def _counts(
    seen: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]
) -> dict[str, int]:
    """Returns what is right, of names `[batch, frames, cells]`."""
    first = next(iter(truth))
    there, found = truth[first] != _NOTHING, seen[first] != _NOTHING
    right = {name: seen[name] == names for name, names in truth.items()}
    changed = np.any([n != _still(n) for n in truth.values()], axis=0)
    return {
        "objects": int(there.sum()),
        "empty": int((~there).sum()),
        "false_alarms": int((found & ~there).sum()),
        "changed": int(changed.sum()),
        "changed_right": int(
            (changed & np.all(list(right.values()), axis=0)).sum()
        ),
        _PLACE: int((found & there).sum()),
        **{name: int((there & same).sum()) for name, same in right.items()},
    }


def _names(raw) -> dict[str, np.ndarray]:
    """Returns attribute to true names, bytes `[batch, frames, cells]`."""
    frames = raw[stories.SENTENCES].shape[1]
    found = np.stack(
        [
            [
                labels.label(scene)
                for scene in _scenes(story_id.decode(), frames)
            ]
            for story_id in raw[stories.STORY_ID].numpy()
        ]
    )
    return {
        name: np.array([_NOTHING, *(v.encode() for v in values)], object)[
            found[..., index]
        ]
        for index, (name, values) in enumerate(labels.ATTRIBUTES.items())
    }


def _scenes(story_id: str, frames: int):
    """Returns the scenes of a window of a shape story."""
    found = _SHAPE_STORY.fullmatch(story_id)
    if not found:
        raise UserError(
            "config.evaluation.attribute_classifier judges shape stories, "
            f"and {story_id!r} is none"
        )
    split, seed, index, first = found.groups()
    scenes = generate_scenes(int(seed), split, int(index))
    return scenes[int(first) : int(first) + frames]
