"""Adds a span to a growing dataset: `python -m tfx_pipeline.add_span ...`.

The span's examples are made of the config's dataset, such as a folder of new
stories; `tfx_pipeline.run` with `--examples_dir` and `--span_pattern` takes
the latest span.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from tfx_pipeline import run, terminal


def main(words: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code."""
    return run.guarded(
        "tfx_pipeline.add_span", lambda: _add_span(words), trains=False
    )


def _add_span(words: Sequence[str] | None) -> int:
    from tfx_pipeline import arguments

    args, config = arguments.parse(_parser(), words)
    with terminal.quiet(os.path.join(args.examples_dir, "add_span.log")):
        from tfx_pipeline import examples

        directory = examples.add_span(
            config,
            args.data_dir,
            args.manual_dir,
            args.examples_dir,
            args.span,
            terminal.say,
        )
    terminal.say(
        f"Added {directory}. Run the pipeline on the latest span:\n"
        f"  {sys.executable} -m tfx_pipeline.run --config={args.config} "
        f"--examples_dir={args.examples_dir} "
        f"--span_pattern='{examples.SPAN_PATTERN}' --pipeline_root=DIR"
    )
    return 0


def _parser() -> argparse.ArgumentParser:
    from tfstory.commands import options
    from tfx_pipeline import arguments

    result = arguments.data_parser(__doc__.splitlines()[0])
    add = result.add_argument
    add(
        "--examples_dir",
        required=True,
        help="the growing dataset, which gets span-<span>/",
    )
    add(
        "--span",
        type=options.not_negative,
        required=True,
        help="the span's number",
    )
    return result


if __name__ == "__main__":
    sys.exit(main())
