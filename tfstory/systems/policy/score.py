"""`tfstory score` for policies: how likely a user's own lines are."""

import argparse
import csv
import io
import logging
from collections.abc import Mapping, Sequence

import numpy as np
import tensorflow as tf

from tfstory import examples, files
from tfstory.errors import UserError
from tfstory.systems import unread
from tfstory.systems.policy.codec import TOKENS, Codec, NumberCodec
from tfstory.systems.system import System

_log = logging.getLogger(__name__)
# A step holds the logits of all tokens of so many lines.
_LINES_AT_ONCE = 32


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.add_argument(
        "--text",
        required=True,
        metavar="FILE",
        help="a line each, UTF-8; where the model writes numbers, numbers with "
        "blanks or commas between them",
    )
    parser.add_argument(
        "--out",
        default="scores.csv",
        help="table of a row for each line (default: %(default)s)",
    )


def run(system: System, args: argparse.Namespace) -> None:
    """Writes the table and prints what holds of all lines.

    Raises:
      UserError: the file is missing, empty or no text, or a line holds other
        numbers than the model writes.
    """
    numbered = files.read_lines(args.text)
    lines = list(numbered.values())
    name, sequences = _sequences(system.codec, args.text, numbered)
    score = system.signatures()["score"]
    parts = [
        score(**{name: sequences[first : first + _LINES_AT_ONCE]})
        for first in range(0, len(lines), _LINES_AT_ONCE)
    ]
    columns = {
        key: np.concatenate([part[key].numpy() for part in parts])
        for key in ("nll", "tokens", "perplexity", "probability")
        if key in parts[0]
    }
    files.write(args.out, _table(columns, lines))
    print(_summary(columns))
    print(f"written to {args.out}")


def _sequences(
    codec: Codec, path: str, lines: Mapping[int, str]
) -> tuple[str, tf.Tensor]:
    """Returns what `score` takes, by its name; tells of what it cuts."""
    if not isinstance(codec, NumberCodec):
        unread.warn(codec.tokenizer, lines.values())
        return examples.TEXT, tf.constant(list(lines.values()))
    rows = [
        _numbers(codec, f"{path} line {number}", line)
        for number, line in lines.items()
    ]
    longer = sum(len(row) > codec.length for row in rows)
    if longer:
        _log.warning(
            "%d of the lines have more than %d numbers; the rest is cut",
            longer,
            codec.length,
        )
    return TOKENS, tf.constant([row[: codec.length] for row in rows], tf.int64)


def _numbers(codec: NumberCodec, place: str, line: str) -> list[int]:
    """Returns a line's numbers, as many as the model writes or more."""
    try:
        numbers = [int(word) for word in line.replace(",", " ").split()]
    except ValueError:
        numbers = []
    if len(numbers) < codec.length or not all(
        0 <= number < codec.size for number in numbers
    ):
        raise UserError(
            f"{place} must hold {codec.length} numbers from 0 to "
            f"{codec.size - 1}, not {unread.shortened(line)!r}"
        )
    return numbers


def _table(columns: dict[str, np.ndarray], lines: Sequence[str]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([*columns, "text"])
    # As text, since float32 has fewer digits than Python's numbers.
    cells = [values.astype(str) for values in columns.values()]
    writer.writerows(zip(*cells, lines, strict=True))
    return text.getvalue()


def _summary(columns: dict[str, np.ndarray]) -> str:
    tokens = int(columns["tokens"].sum())
    # In float64: a sum of very many.
    perplexity = np.exp(columns["nll"].sum(dtype=np.float64) / tokens)
    text = (
        f"{len(columns['nll'])} lines of {tokens} tokens: perplexity "
        f"{perplexity:.4g}"
    )
    if "probability" in columns:
        mean = columns["probability"].mean(dtype=np.float64)
        text += f", real to the discriminator with probability {mean:.3f}"
    return text
