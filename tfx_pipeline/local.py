"""One run of the pipeline on this machine."""

import datetime
import logging
import os
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import ml_collections

from tfstory.errors import UserError, in_one_line
from tfx_pipeline import terminal

if TYPE_CHECKING:
    from tfx_pipeline.summary import Summary


class Outcome(NamedTuple):
    """What came of a run.

    Attributes:
      summary: decision, metrics and places.
      report: path of the HTML report.
      model_name: what the model is served as.
    """

    summary: "Summary"
    report: str
    model_name: str


def run(
    config: ml_collections.ConfigDict,
    pipeline_root: str,
    examples_dir: str,
    serving_dir: str = "",
    span_pattern: str = "",
    beam_pipeline_args: Sequence[str] = (),
    force: bool = False,
    model_name: str = "",
) -> Outcome:
    """Runs the pipeline once; prints a line a component.

    Args:
      config: the run's config.
      pipeline_root: str, where everything goes; a later run finds caches and
        the last blessed model there.
      examples_dir: str, as in `pipeline.create_pipeline`.
      serving_dir: str, where this one model's versions go; "" is
        `<pipeline_root>/serving/<model_name>`.
      span_pattern: str, as in `pipeline.create_pipeline`.
      beam_pipeline_args: in place of the local default.
      force: run every component, whatever is cached.
      model_name: str, names the runs and the model that they make: a run
        starts from, is compared with and is served in place of the last
        blessed model of its name. "" is `pipeline.name`.

    Returns:
      What came of it, a refused model included.

    Raises:
      UserError: the data, the config or a component failed; says where the
        log lies.
    """
    began = time.monotonic()
    started = datetime.datetime.now().astimezone()
    pipeline_root = os.path.abspath(pipeline_root)
    log_path = os.path.join(pipeline_root, "pipeline.log")
    metadata_path = os.path.join(pipeline_root, "metadata.sqlite")
    with terminal.quiet(log_path) as lines:
        # Thirty seconds of imports, and full of notices.
        from tfx.orchestration.local.local_dag_runner import LocalDagRunner

        from tfstory.systems import registry
        from tfx_pipeline import pipeline as pipeline_lib
        from tfx_pipeline import runs, schema
        from tfx_pipeline import summary as summary_lib
        from tfx_pipeline.components import report

        model_name = model_name or pipeline_lib.name(config)
        pipeline = pipeline_lib.create_pipeline(
            pipeline_name=model_name,
            pipeline_root=pipeline_root,
            config=config,
            examples_dir=os.path.abspath(examples_dir),
            schema_path=schema.write(
                registry.get(config.system).example_format(config),
                os.path.join(pipeline_root, "schema"),
            ),
            serving_dir=os.path.abspath(
                serving_dir
                or os.path.join(pipeline_root, "serving", model_name)
            ),
            span_pattern=span_pattern,
            work_dir=os.path.join(pipeline_root, "training"),
            metadata_path=metadata_path,
            started=started.isoformat(" ", "milliseconds"),
            beam_pipeline_args=(
                beam_pipeline_args or pipeline_lib.LOCAL_BEAM_ARGS
            ),
            serving_refusals=runs.serving_refusals(metadata_path),
            enable_cache=not force,
        )
        try:
            LocalDagRunner().run(pipeline)
        except UserError:
            raise
        except Exception as error:
            logging.exception("The pipeline failed.")
            raise UserError(
                f"the component {lines.current} failed with "
                f"{type(error).__name__}: {in_one_line(error)}; the whole "
                f"story is in {log_path}"
            ) from error
        directory = runs.last_report(
            metadata_path, report.PipelineReport.TYPE_NAME
        )
        summary = summary_lib.read(os.path.join(directory, summary_lib.FILE))
        training = sum(
            timing.seconds
            for timing in summary.timings
            if timing.component == "Trainer" and not timing.cached
        )
        seconds = time.monotonic() - began
        terminal.say(
            f"  in all {seconds:.0f} s, {seconds - training:.0f} s of them "
            "beyond training"
        )
        return Outcome(
            summary,
            os.path.join(directory, report.HTML_FILE),
            model_name,
        )
