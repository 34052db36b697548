"""From nothing to a served model and a story: what `make pipeline` runs.

Prepares the data, runs the pipeline, serves the pushed model and asks it over
gRPC: how a held-out story goes on, leaving the answer as a picture strip, or
what else a system can be asked. The answer stands in the report, too.
Exit codes are those of `tfx_pipeline.run`.
"""

import os
import shutil
import sys
from collections.abc import Sequence

from tfx_pipeline import run, terminal

_CONFIG = "configs/story_reasoning/shapes.py"
_ROOT = "work/pipeline"
# In the pipeline's root: what the pushed model drew when it was asked.
_ANSWER_DIR = "answer"


def main(words: Sequence[str] | None = None) -> int:
    """Runs the command; returns the exit code."""
    return run.guarded("tfx_pipeline.main_job", lambda: _main_job(words))


def _main_job(words: Sequence[str] | None) -> int:
    from tfx_pipeline import arguments, local

    command = arguments.parser(
        __doc__.splitlines()[0], config=_CONFIG, pipeline_root=_ROOT
    )
    args, config = arguments.parse(command, words)
    terminal.say(f"Preparing {config.data.dataset}")
    examples_dir = run.prepared_examples(args, config)
    terminal.say(f"Running the pipeline in {args.pipeline_root}")
    outcome = local.run(
        config,
        args.pipeline_root,
        examples_dir,
        serving_dir=args.serving_dir,
        beam_pipeline_args=args.beam_pipeline_args,
        force=args.force,
        model_name=args.model_name,
    )
    run.print_outcome(outcome)
    if not outcome.summary.blessed:
        return run.REFUSED
    _ask(outcome, config, examples_dir, os.path.abspath(args.pipeline_root))
    return run.BLESSED


def _ask(outcome, config, examples_dir: str, directory: str) -> None:
    """Serves the pushed model, asks it and prints the answer."""
    model_base_path = os.path.dirname(outcome.summary.pushed_to)
    answer_dir = os.path.join(directory, _ANSWER_DIR)
    shutil.rmtree(answer_dir, ignore_errors=True)
    os.makedirs(answer_dir)
    with terminal.quiet(os.path.join(directory, "pipeline.log")):
        from tfx_pipeline import ask

        answer = ask.ask(
            config,
            model_base_path,
            outcome.model_name,
            examples_dir,
            answer_dir,
        )
        if answer:
            ask.add_to_report(outcome.report, answer, answer_dir)
    if answer:
        terminal.say(f"\nAsked over gRPC {answer}")
    terminal.say(
        f"Model:  {outcome.summary.pushed_to}\n"
        f"Serve:  {sys.executable} -m serving.server "
        f"--model_base_path={model_base_path} "
        f"--model_name={outcome.model_name} --port=8500"
    )


if __name__ == "__main__":
    sys.exit(main())
