"""Do the right things stand in the right places, by a classifier's eye?"""

import collections
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.errors import UserError
from tfstory.systems.story_gan import judges, scene_truth

_SYSTEM = "attribute_classifier"
_SIGNATURE = "classify"
_PLACE = "place"
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
      batches: raw batches of windows of a dataset that `scene_truth` knows;
        512 windows are judged.
      prepare: raw batch to prepared batch.
      generate: prepared batch to float32 `[batch, frames, h, w, 3]`.
      classify: what `load` returns.

    Returns:
      For the place and each attribute `<name>_accuracy`, the share of the
      stories' objects of which it is seen in their place; `false_alarms`, the
      share of empty places where something is seen; `changed_accuracy`, the
      share of places that are not as in the window's first frame of which
      all is seen as it is. Each of them also of the real pictures (`..._real`)
      and of the first scene's truth, shown in every frame
      (`..._first_scene`), which says what a story that stands still would
      reach. `<name>_share` for the place and each attribute: its accuracy as
      a share of that of real pictures, at most 1, so that none can pay for
      another; `attribute_share`, their mean, and `attribute_share_least`, the
      least of them. No share of what is never seen right in real pictures.
      Nothing where there are no stories.

    Raises:
      UserError: nothing tells what these stories show, or the classifier
        names other attributes or places.
    """
    totals = {
        end: collections.Counter() for end in ("", "_real", "_first_scene")
    }
    for raw in judges.first_windows(batches):
        truth = scene_truth.names(raw)
        batch = prepare(raw)
        generated = pictures.to_uint8(generate(batch))
        for end, seen in (
            ("", _seen(generated, classify, truth)),
            ("_real", _seen(batch[stories.IMAGES], classify, truth)),
            ("_first_scene", {n: _still(names) for n, names in truth.items()}),
        ):
            totals[end].update(_counts(seen, truth))
    if not totals[""]:
        return {}
    metrics = {}
    for end, total in totals.items():
        metrics |= {
            f"{name}_accuracy{end}": total[name] / total["objects"]
            for name in (_PLACE, *truth)
        }
        metrics[f"false_alarms{end}"] = total["false_alarms"] / total["empty"]
        if total["changed"]:
            metrics[f"changed_accuracy{end}"] = (
                total["changed_right"] / total["changed"]
            )
    return metrics | _shares(metrics, (_PLACE, *truth))


def load(path: str) -> Classify:
    """Loads an exported `attribute_classifier`.

    Args:
      path: the SavedModel's directory.

    Raises:
      UserError: there is none.
    """
    ask = judges.load(path, _SYSTEM, _SIGNATURE)
    return lambda images: ask(images=images)


def _shares(
    metrics: Mapping[str, float], names: Iterable[str]
) -> dict[str, float]:
    """Returns the accuracies as shares of those of real pictures."""
    shares = {
        f"{name}_share": min(1.0, metrics[f"{name}_accuracy"] / real)
        for name in names
        # A judge that knows nothing of real pictures says nothing of others.
        if (real := metrics[f"{name}_accuracy_real"])
    }
    if not shares:
        return {}
    return {
        **shares,
        "attribute_share": float(np.mean(list(shares.values()))),
        "attribute_share_least": min(shares.values()),
    }


def _seen(
    shown: tf.Tensor, classify: Classify, truth: Mapping[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Returns attribute to names, `[batch, frames, cells]`, of pictures.

    Raises:
      UserError: they are not the truth's attributes and cells.
    """
    flat = tf.reshape(judges.encoded(shown), [-1])
    seen = {
        name: np.reshape(names, [*shown.shape[:2], -1])
        for name, names in classify(flat).items()
    }
    judged, told = _in_words(seen), _in_words(truth)
    if judged != told:
        raise UserError(
            f"config.evaluation.{_SYSTEM}: the model names {judged}, and these "
            f"stories tell {told}; export one that is trained on their scenes"
        )
    return seen


def _in_words(names: Mapping[str, np.ndarray]) -> str:
    cells = next(iter(names.values())).shape[-1]
    return f"{', '.join(sorted(names))} in {cells} places"


def _still(names: np.ndarray) -> np.ndarray:
    """Returns `[batch, frames, cells]` with the first frame in each."""
    return np.repeat(names[:, :1], names.shape[1], axis=1)


def _counts(
    seen: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]
) -> dict[str, int]:
    """Returns what is right, of names `[batch, frames, cells]`."""
    first = next(iter(truth))
    nothing = scene_truth.NOTHING
    there, found = truth[first] != nothing, seen[first] != nothing
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
