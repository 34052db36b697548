"""One pipeline run: `python -m tfx_pipeline.run --config=FILE ...`.

Exit codes: 0 where the model was blessed and pushed, 1 for an error that the
message names, 3 where the run ended well and the model was refused; 130 after
Ctrl-C and 143 after SIGTERM, from where the same command goes on.
"""

import os
import sys
from collections.abc import Callable, Sequence

# Before anything imports TensorFlow, whose notices nobody can act on.
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from serving.errors import ServingError
from tfstory import errors
from tfstory.errors import UserError
from tfx_pipeline import terminal

BLESSED = 0
FAILED = errors.FAILED
REFUSED = 3
_LOCAL = "local"
_KUBEFLOW = "kubeflow"


def main(words: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code."""
    return guarded("tfx_pipeline.run", lambda: _run(words))


def guarded(name: str, command: Callable[[], int], trains: bool = True) -> int:
    """Runs a command as `errors.guarded`, which errors of serving end, too."""
    return errors.guarded(name, command, trains, (ServingError, UserError))


def prepared_examples(args, config) -> str:
    """Prepares the config's dataset; returns the examples' directory."""
    with terminal.quiet(os.path.join(args.pipeline_root, "pipeline.log")):
        from tfx_pipeline import examples

        return examples.write(
            config,
            args.data_dir,
            args.manual_dir,
            os.path.join(args.pipeline_root, "examples"),
            terminal.say,
        )


def print_outcome(outcome) -> None:
    """Prints the decision, the metrics and where everything lies."""
    from tfx_pipeline import summary as summary_lib

    summary = outcome.summary
    notes = "".join(f"Note: {note}.\n" for note in summary.notes)
    terminal.say(
        f"\n{summary_lib.table(summary.metrics)}\n"
        f"\non {summary.examples} held-out examples; trained "
        f"{summary.warm_start}\n\n{summary.decision}\n{notes}"
        f"Report: {outcome.report}\n"
        f"Run:    {summary.workdir} (for tfstory's --workdir)"
    )
    if not summary.blessed:
        terminal.say(f"The refused model: {summary.model_dir}")


def _run(words: Sequence[str] | None) -> int:
    args, config = _arguments(words)
    if args.runner == _KUBEFLOW:
        from tfx_pipeline import kubeflow

        kubeflow.compile_pipeline(args, config)
        terminal.say(f"Compiled to {args.output}")
        return BLESSED
    from tfx_pipeline import local

    if not args.examples_dir:
        args.examples_dir = prepared_examples(args, config)
    outcome = local.run(
        config,
        args.pipeline_root,
        args.examples_dir,
        serving_dir=args.serving_dir,
        span_pattern=args.span_pattern,
        beam_pipeline_args=args.beam_pipeline_args,
        force=args.force,
        model_name=args.model_name,
    )
    print_outcome(outcome)
    return BLESSED if outcome.summary.blessed else REFUSED


def _arguments(words: Sequence[str] | None):
    from tfx_pipeline import arguments

    command = arguments.parser(__doc__.splitlines()[0])
    add = command.add_argument
    add(
        "--examples_dir",
        default="",
        help="gzipped TFRecords (*.gz) in train/, validation/ and test/, as "
        "tfx_pipeline.add_span writes them, in place of the config's dataset",
    )
    add(
        "--span_pattern",
        default="",
        help="directory of a span under --examples_dir, such as "
        "span-{SPAN}/; the latest is taken",
    )
    add(
        "--runner",
        choices=[_LOCAL, _KUBEFLOW],
        default=_LOCAL,
        help="run here, or compile for Kubeflow Pipelines and Vertex AI "
        "(%(default)s)",
    )
    add(
        "--output",
        default="pipeline.json",
        help="what --runner=kubeflow writes (%(default)s)",
    )
    add(
        "--image",
        default="",
        help="container image with this project, for --runner=kubeflow",
    )
    args, config = arguments.parse(command, words)
    if args.span_pattern and not args.examples_dir:
        command.error("--span_pattern needs --examples_dir")
    if args.manual_dir and args.examples_dir:
        command.error(
            "--manual_dir is not read where --examples_dir names examples; "
            "leave one of them away"
        )
    if args.image and args.runner != _KUBEFLOW:
        command.error("--image needs --runner=kubeflow")
    return args, config


if __name__ == "__main__":
    sys.exit(main())
