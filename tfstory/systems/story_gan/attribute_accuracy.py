"""Do the right things stand in the right places, by a classifier's eye?"""

import collections
import re
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.datasets.shape_stories import generate_story, labels
from tfstory.errors import UserError

_SIGNATURE = "classify"
_PLACE = "place"
_NOTHING = b""
# "shapes-test-0-0000019#0": the split, the seed, the story, its first frame.
_SHAPE_STORY = re.compile(r"shapes-(\w+)-(\d+)-(\d+)#(\d+)")
_STORIES = 512
_SMALLEST_PICTURE = 32
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
      batches: raw batches of shape stories; the first 512 stories are judged.
      prepare: raw batch to prepared batch.
      generate: prepared batch to float32 `[batch, frames, h, w, 3]`.
      classify: what `load` returns.

    Returns:
      For place, shape, colour and size `<name>_accuracy`, the share of the
      stories' objects of which it is seen in their place, and
      `<name>_accuracy_real`, the same of real pictures; `false_alarms`, the
      share of empty places where something is seen, and
      `false_alarms_real`; `attribute_share`, the mean of the four as a share
      of that of real pictures. Nothing where there are no stories.

    Raises:
      UserError: these are no shape stories.
    """
    totals = {"": collections.Counter(), "_real": collections.Counter()}
    for raw in _first(batches):
        truth = _names(raw)
        batch = prepare(raw)
        for end, shown in (
            ("", pictures.to_uint8(generate(batch))),
            ("_real", batch[stories.IMAGES]),
        ):
            flat = tf.reshape(shown, [-1, *shown.shape[2:]])
            totals[end].update(
                _counts(classify(pictures.encode_png(flat)), truth)
            )
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
    if not tf.saved_model.contains_saved_model(path):
        raise UserError(
            f"config.evaluation.attribute_classifier: {path} holds no "
            "SavedModel; export a trained attribute_classifier"
        )
    module = tf.saved_model.load(path)
    if _SIGNATURE not in module.signatures:
        raise UserError(
            f"config.evaluation.attribute_classifier: the model in {path} is "
            f"no attribute_classifier: it has no signature {_SIGNATURE!r}"
        )

    def classify(images):
        answer = module.signatures[_SIGNATURE](images=images)
        return {name: value.numpy() for name, value in answer.items()}

    return classify


def _counts(
    seen: Mapping[str, np.ndarray], truth: Mapping[str, np.ndarray]
) -> dict[str, int]:
    """Returns what is right, of names `[frames, cells]` an attribute."""
    first = next(iter(truth))
    there, found = truth[first] != _NOTHING, seen[first] != _NOTHING
    return {
        "objects": int(there.sum()),
        "empty": int((~there).sum()),
        "false_alarms": int((found & ~there).sum()),
        _PLACE: int((found & there).sum()),
        **{
            name: int((there & (seen[name] == names)).sum())
            for name, names in truth.items()
        },
    }


def _first(batches):
    """Yields the first batches, until there are stories enough."""
    seen = 0
    for batch in batches:
        if seen >= _STORIES:
            return
        seen += int(batch[stories.STORY_ID].shape[0])
        yield batch


def _names(raw) -> dict[str, np.ndarray]:
    """Returns attribute to names, bytes `[batch * frames, cells]`."""
    frames = raw[stories.SENTENCES].shape[1]
    found = np.stack(
        [
            labels.label(scene)
            for story_id in raw[stories.STORY_ID].numpy()
            for scene in _scenes(story_id.decode())[:frames]
        ]
    )
    return {
        name: np.array([_NOTHING, *(v.encode() for v in values)], object)[
            found[..., index]
        ]
        for index, (name, values) in enumerate(labels.ATTRIBUTES.items())
    }


def _scenes(story_id: str):
    """Returns the scenes of a shape story from its first frame on."""
    found = _SHAPE_STORY.fullmatch(story_id)
    if not found:
        raise UserError(
            "config.evaluation.attribute_classifier judges shape stories, "
            f"and {story_id!r} is none"
        )
    split, seed, index, first = found.groups()
    # The same story, however large it is drawn.
    story = generate_story(int(seed), split, int(index), _SMALLEST_PICTURE)
    return story.scenes[int(first) :]
