"""What a run shows of itself: lines, TensorBoard and sample sheets."""

import io
import math
import pathlib
import textwrap
from collections.abc import Sequence

import tensorflow as tf
from PIL import Image

from tfstory.metrics import ratio as ratios
from tfstory.systems.stage import Sheet
from tfstory.systems.system import System
from tfstory.training import files
from tfstory.training.history import Row

# How long an animation shows an epoch.
_FRAME_MS = 300
_LINE_WIDTH = 100


class TensorBoard:
    """Scalars of training and validation, and sample sheets, per stage.

    The horizontal axis is the stage's steps. An epoch that is done twice
    because of a kill writes the same points again.

    Args:
      directory: the run's logs; `<stage>/train` and `<stage>/validation`.
      stage: str, its name.
    """

    def __init__(self, directory: pathlib.Path, stage: str):
        self._writers = {
            part: tf.summary.create_file_writer(str(directory / stage / part))
            for part in ("train", "validation")
        }

    def write(self, row: Row, sheet: Sheet) -> None:
        """Writes an epoch.

        Args:
          row: of the history.
          sheet: of its samples.
        """
        for part, writer in self._writers.items():
            with writer.as_default(step=row["steps"]):
                for name, value in row[part].items():
                    tf.summary.scalar(name, value)
                if part == "train":
                    tf.summary.scalar(
                        "examples_per_second", row["examples_per_second"]
                    )
                elif isinstance(sheet, str):
                    # Markdown: lines that are indented stay as they are.
                    tf.summary.text("samples", textwrap.indent(sheet, "    "))
                else:
                    tf.summary.image("samples", sheet[None])
            writer.flush()

    def close(self) -> None:
        """Closes the files."""
        for writer in self._writers.values():
            writer.close()


def write_sheet(directory: pathlib.Path, name: str, sheet: Sheet) -> None:
    """Writes a sample sheet as `<name>.png`, or `<name>.txt` where it is text.

    Args:
      directory: where to.
      name: str, without an extension.
      sheet: Sheet.
    """
    if isinstance(sheet, str):
        files.write_bytes(directory / f"{name}.txt", sheet.encode())
    else:
        content = tf.io.encode_png(sheet).numpy()
        files.write_bytes(directory / f"{name}.png", content)


def write_animation(directory: pathlib.Path, stage: str) -> None:
    """Writes the sample sheets of a stage's epochs as an animated GIF.

    Args:
      directory: where `<stage>_epoch_<number>.png` lie, all of one size, and
        `<stage>.gif` comes to; without sheets there is none.
      stage: str, its name.
    """
    pictures = sorted(
        directory.glob(f"{stage}_epoch_*.png"),
        key=lambda path: int(path.stem.rpartition("_")[2]),
    )
    if not pictures:
        return
    frames = [Image.open(picture).convert("RGB") for picture in pictures]
    buffer = io.BytesIO()
    frames[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        # The last stands longer, before it begins again.
        duration=[_FRAME_MS] * (len(frames) - 1) + [5 * _FRAME_MS],
        loop=0,
    )
    files.write_bytes(directory / f"{stage}.gif", buffer.getvalue())


def epoch_lines(row: Row, epochs: int, system: System) -> str:
    """Returns an epoch in a few lines, for output that is not a terminal.

    The losses of training, with their parts, then what was measured on
    validation, with its baselines in brackets. What these data do not have
    (NaN) is left out.
    """
    validation = row["validation"]
    head = (
        f"{row['stage']} epoch {row['epoch']}/{epochs}: "
        f"{row['seconds']:.0f} s with validation, "
        f"{row['examples_per_second']:.0f} examples/s in training"
    )
    losses = [
        f"{name} {value:.4g}"
        for name, value in row["train"].items()
        if name not in system.ratios
    ]
    shown = []
    for name, ratio in system.ratios.items():
        value = validation.get(name, math.nan)
        if ratio.baseline_of or math.isnan(value):
            continue
        baselines = ratios.baselines(system.ratios, name, validation)
        beside = [
            f"{ratios.short_name(other, name)} {trivial:.4g}"
            for other, trivial in baselines.items()
        ]
        shown.append(
            f"{name} {value:.4g}"
            + (f" ({', '.join(beside)})" if beside else "")
        )
    return "\n".join(
        [head, *_wrapped("training:", losses), *_wrapped("validation:", shown)]
    )


def _wrapped(title: str, items: Sequence[str]) -> list[str]:
    """Returns lines of items, none of which is broken; none of no items."""
    lines = [f"  {title} {items[0]}"] if items else []
    for item in items[1:]:
        if len(lines[-1]) + len(item) + 2 > _LINE_WIDTH:
            lines.append(f"    {item}")
        else:
            lines[-1] += f", {item}"
    return lines
