"""Makes a CoDraw dialogue the sequence of turns that change the canvas."""

import json
from collections.abc import Mapping
from typing import Any

from tfstory.datasets.candidates import BadExample
from tfstory.datasets.codraw import canvas as canvas_lib


def load(data: bytes) -> Mapping[str, Any]:
    """Returns a dialogue's JSON.

    Raises:
      BadExample: it is no JSON, or not an object.
    """
    try:
        dialogue = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadExample(f"it is not JSON: {error}") from None
    if not isinstance(dialogue, dict):
        raise BadExample("it is not a JSON object")
    return dialogue


def changes(
    dialogue: Mapping[str, Any],
) -> list[tuple[str, tuple[canvas_lib.Piece, ...]]]:
    """Returns what the teller said and the canvas, for each change of it.

    What the teller said since the last change is joined, so that no
    instruction is lost where the drawer needed two turns for it. A change
    about which nothing was said belongs to the turn before.

    Args:
      dialogue: as the source has it.

    Returns:
      Pairs of a sentence and the pieces on the canvas after it.

    Raises:
      BadExample: a turn or a canvas is malformed.
    """
    told = []
    found = []
    now = ()
    turns = dialogue.get("dialog") if isinstance(dialogue, dict) else None
    if not isinstance(turns, list):
        raise BadExample("it has no turns")
    for number, turn in enumerate(turns, 1):
        try:
            sentence, after = turn["msg_t"], turn["abs_d"]
        except (KeyError, TypeError):
            raise BadExample(f"turn {number} lacks msg_t or abs_d") from None
        if not isinstance(sentence, str) or not isinstance(after, str):
            raise BadExample(f"turn {number}: msg_t or abs_d is not a text")
        if sentence.strip():
            told.append(sentence.strip())
        if not after:
            continue  # Unchanged.
        pieces = canvas_lib.parse(after)
        if pieces == now:
            continue
        now = pieces
        if told:
            found.append((" ".join(told), pieces))
            told = []
        elif found:
            found[-1] = (found[-1][0], pieces)
    return found
