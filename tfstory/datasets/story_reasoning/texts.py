"""Reads the grounded story text of the StoryReasoning dataset."""

import re

from tfstory.datasets.candidates import BadExample

_FRAME = re.compile(
    r"<gdi\s+image(\d+)\s*>(.*?)</gdi>", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(r"</?gd[ioal]\b[^>]*>", re.IGNORECASE)


def frame_texts(story: str, frames: int) -> list[str]:
    """Returns the text of each frame, without tags.

    The text of frame k stands in `<gdi imageK> ... </gdi>`; several such
    parts of a frame are joined. Tags inside wrap mentions of objects
    (`gdo`), actions (`gda`) and places (`gdl`).

    Args:
      story: the column `story`.
      frames: int, frames of the story.

    Raises:
      BadExample: a frame has no text, or text belongs to no frame.
    """
    texts: dict[int, list[str]] = {}
    for number, text in _FRAME.findall(story):
        words = " ".join(_TAG.sub(" ", text).split())
        # A tag's blanks leave one before a full stop or a comma.
        words = re.sub(r"\s+([.,;:!?])", r"\1", words)
        texts.setdefault(int(number), []).append(words)
    extra = sorted(set(texts) - set(range(1, frames + 1)))
    if extra:
        raise BadExample(
            f"it has text for frame {extra[0]}, and {frames} pictures"
        )
    missing = sorted(set(range(1, frames + 1)) - set(texts))
    if missing:
        raise BadExample(f"frame {missing[0]} has no text")
    return [" ".join(texts[k]) for k in range(1, frames + 1)]
