"""Do pictures show what is told? By a judge that matches pictures and text.

R-precision as in Xu et al. 2018, "AttnGAN", section 4: each picture is a
query for its own text among 99 texts that belong to others.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.metrics.retrieval import DISTRACTORS, r_precision
from tfstory.systems.story_gan import judges

_SYSTEM = "story_matcher"
_SIGNATURE = "match"
_SEED = 0
# Encoded pictures and sentences, string `[batch, frames]`, to the vectors of
# the pictures and of the text so far, float `[batch, frames, size]`.
Match = Callable[[tf.Tensor, tf.Tensor], tuple[np.ndarray, np.ndarray]]


def retrieval(
    batches: Iterable[Mapping[str, tf.Tensor]],
    prepare: Callable[[Mapping[str, tf.Tensor]], Mapping[str, tf.Tensor]],
    generate: Callable[[Mapping[str, tf.Tensor]], tf.Tensor],
    match: Match,
) -> dict[str, float]:
    """Looks for the text of generated and real pictures.

    Candidates are the text told up to the picture (in its window) and those
    told up to the same frame in 99 windows of other stories, drawn with a
    fixed seed; the same text told elsewhere is none.

    Args:
      batches: raw batches of windows; 512 windows are judged.
      prepare: raw batch to prepared batch.
      generate: prepared batch to float32 `[batch, frames, h, w, 3]`.
      match: what `load` returns.

    Returns:
      `r_precision`, the share of generated pictures to which their own text
      is the nearest; `r_precision_real`, that of the real pictures;
      `r_precision_first_scene`, that of the real
      first picture shown in every frame: a story that stands still is still
      told from other stories; `r_precision_random_story`, that of the real
      pictures of another story, which tell nothing of this one: about one in
      as many as there are candidates, and less where there are so few stories
      that that story's own text is one of them. `r_precision_candidates`: how
      many candidates there are, on average; 100 where there are enough
      stories. `moment_precision`: the same among the texts of the picture's
      own window, one told up to each of its frames, so that the story itself
      gives nothing away; with `_real` and `_first_scene`. Nothing where there
      are no two stories.
    """
    shown, told, names, texts = {"": [], "_real": []}, [], [], []
    for raw in judges.first_windows(batches):
        batch, sentences = prepare(raw), raw[stories.SENTENCES]
        for end, images in (
            ("", pictures.to_uint8(generate(batch))),
            ("_real", batch[stories.IMAGES]),
        ):
            seen, read = match(judges.encoded(images), sentences)
            shown[end].append(seen)
        told.append(read)
        names += [_story(name) for name in raw[stories.STORY_ID].numpy()]
        texts += [_so_far(window) for window in sentences.numpy()]
    if len(set(names)) < 2:
        return {}
    drawn = _draw(np.array(names, object), np.array(texts, object))
    told = np.concatenate(told)
    queries = {end: np.concatenate(seen) for end, seen in shown.items()}
    real = queries["_real"]
    queries["_first_scene"] = np.repeat(real[:, :1], real.shape[1], axis=1)
    queries["_random_story"] = real[drawn.unrelated]
    metrics = {
        f"r_precision{end}": _mean_precision(seen, told, drawn)
        for end, seen in queries.items()
    }
    candidates = 1 + drawn.counts.sum(axis=-1)
    metrics["r_precision_candidates"] = float(np.mean(candidates))
    del queries["_random_story"]
    return metrics | {
        f"moment_precision{end}": _moment_precision(seen, told)
        for end, seen in queries.items()
    }


def load(path: str) -> Match:
    """Loads an exported `story_matcher`.

    Args:
      path: the SavedModel's directory.

    Raises:
      UserError: there is none.
    """
    ask = judges.load(path, _SYSTEM, _SIGNATURE)

    def match(images, sentences):
        answer = ask(images=images, sentences=sentences)
        return answer["picture_embeddings"], answer["text_embeddings"]

    return match


class _Drawn(NamedTuple):
    """What each window's pictures are compared with.

    Attributes:
      others: int `[windows, frames, n]`, windows whose texts are candidates.
      counts: bool `[windows, frames, n]`, which of these are there at all.
      unrelated: int `[windows]`, a window of another story.
    """

    others: np.ndarray
    counts: np.ndarray
    unrelated: np.ndarray


def _draw(names: np.ndarray, texts: np.ndarray) -> _Drawn:
    """Draws windows of other stories.

    Args:
      names: bytes `[windows]`, of the stories; there are two or more.
      texts: bytes `[windows, frames]`, told so far.
    """
    generator = np.random.default_rng(_SEED)
    size = min(DISTRACTORS, len(names) - 1)
    others = np.zeros([*texts.shape, size], np.int64)
    counts = np.zeros(others.shape, bool)
    unrelated = np.zeros(len(names), np.int64)
    for window, name in enumerate(names):
        order = generator.permutation(len(names))
        order = order[names[order] != name]
        # The one that is a candidate last.
        unrelated[window] = order[-1]
        for frame, text in enumerate(texts[window]):
            chosen = order[texts[order, frame] != text][:size]
            others[window, frame, : len(chosen)] = chosen
            counts[window, frame, : len(chosen)] = True
    return _Drawn(others, counts, unrelated)


def _mean_precision(
    shown: np.ndarray, told: np.ndarray, drawn: _Drawn
) -> float:
    """Returns the mean R-precision of all pictures.

    Args:
      shown: float `[windows, frames, size]`, the pictures' vectors.
      told: the same of the texts.
      drawn: _Drawn.
    """
    found = []
    for frame in range(shown.shape[1]):
        similarities = shown[:, frame] @ told[:, frame].T
        found.append(
            r_precision(
                np.diagonal(similarities),
                np.take_along_axis(
                    similarities, drawn.others[:, frame], axis=1
                ),
                drawn.counts[:, frame],
            )
        )
    return float(np.mean(found))


def _moment_precision(shown: np.ndarray, told: np.ndarray) -> float:
    """Returns the mean R-precision among the texts of the own window.

    Args:
      shown: float `[windows, frames, size]`, the pictures' vectors.
      told: the same of the texts.
    """
    similarities = np.einsum("wfs,wgs->wfg", shown, told)
    others = ~np.eye(shown.shape[1], dtype=bool)
    found = r_precision(
        np.diagonal(similarities, axis1=1, axis2=2),
        similarities,
        np.broadcast_to(others, similarities.shape),
    )
    return float(np.mean(found))


def _story(window: bytes) -> bytes:
    """Returns a window's story, "a" of "a#3"."""
    return window.rpartition(b"#")[0] or window


def _so_far(sentences: np.ndarray) -> list[bytes]:
    """Returns the text told up to each frame, of bytes `[frames]`."""
    return [
        b"\n".join(sentences[: frame + 1]) for frame in range(len(sentences))
    ]
