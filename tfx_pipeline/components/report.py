"""Writes what came of the run: a page for people, JSON for programs."""

import json
import os
from collections.abc import Mapping
from typing import Any

import tensorflow as tf
from tfx import types
from tfx.types import artifact, standard_artifacts
from tfx.utils import path_utils

from tfstory.commands import config_file
from tfstory.systems import registry
from tfx_pipeline import evaluation as evaluation_lib
from tfx_pipeline import report_html, runs, trainer_fn
from tfx_pipeline import summary as summary_lib
from tfx_pipeline.components import (
    base,
    evaluator,
    example_gate,
    serving_validator,
)

HTML_FILE = "report.html"


class PipelineReport(artifact.Artifact):
    """A directory with `report.html` and `summary.json`."""

    # With a namespace, as Kubeflow wants it.
    TYPE_NAME = "tfstory.PipelineReport"


class Executor(base.Executor):
    """Gathers from all components, whether the model was blessed or not."""

    def run(
        self,
        inputs: Mapping[str, types.Artifact],
        outputs: Mapping[str, types.Artifact],
        parameters: Mapping[str, Any],
    ) -> None:
        """Writes `report.html` and `summary.json`."""
        directory = outputs["report"].uri
        summary = self._summary(inputs, parameters)
        summary_lib.write(summary, os.path.join(directory, summary_lib.FILE))
        model_run = inputs["model_run"].uri
        page = report_html.render(
            summary,
            curves=_pictures(os.path.join(model_run, "plots")),
            samples=_sheets(os.path.join(model_run, "samples")),
            data_report=_read_json(
                parameters["data_report_path"].replace(
                    "{SPAN}",
                    str(inputs["examples"].get_int_custom_property("span")),
                )
            ),
            anomalies=example_gate.in_words(
                inputs["statistics"], inputs["anomalies"]
            ),
            config=parameters["config"],
            frames=json.loads(parameters["config"])["data"].get("frames", 1),
        )
        path = os.path.join(directory, HTML_FILE)
        with tf.io.gfile.GFile(path, "w") as file:
            file.write(page)

    def _summary(
        self,
        inputs: Mapping[str, types.Artifact],
        parameters: Mapping[str, Any],
    ) -> summary_lib.Summary:
        evaluation = evaluation_lib.read(inputs["evaluation"].uri)
        decided = _read_json(
            os.path.join(inputs["blessing"].uri, evaluator.DECISION_FILE)
        )
        served = _read_json(
            os.path.join(
                inputs["infra_blessing"].uri, serving_validator.VERDICT_FILE
            )
        )
        pushed_to = inputs["pushed_model"].get_string_custom_property(
            "pushed_destination"
        )
        refusals = [*decided["refusals"], *served["refusals"]]
        started = _read_json(
            os.path.join(inputs["model_run"].uri, trainer_fn.WARM_START_FILE)
        )
        config = config_file.from_json(parameters["config"])
        ratios = registry.get(config.system).ratios_of(config)
        metadata_path = parameters["metadata_path"]
        context = self._context
        overall = evaluation.slices.get(evaluation_lib.OVERALL, {})
        examples = int(overall.get("example_count", 0))
        return summary_lib.Summary(
            pipeline_name=context.pipeline_info.id if context else "",
            started=parameters["started"],
            decision=summary_lib.decision(refusals, pushed_to),
            refusals=refusals,
            notes=[*decided["notes"], *summary_lib.doubts(examples)],
            pushed_to=pushed_to,
            model_dir=path_utils.serving_model_path(inputs["model"].uri),
            workdir=inputs["model_run"].uri,
            warm_start=started["outcome"],
            examples=examples,
            metrics=summary_lib.metric_rows(
                ratios, json.loads(parameters["gates"]), evaluation
            ),
            slices={
                title: values
                for title, values in sorted(evaluation.slices.items())
                if title != evaluation_lib.OVERALL
            },
            splits={
                split: counted.num_examples
                for split, counted in example_gate.load_statistics(
                    inputs["statistics"]
                ).items()
            },
            latency_ms=served["latency_ms"],
            server=served["server"],
            timings=(
                runs.timings(metadata_path, context.pipeline_run_id)
                if metadata_path and context
                else []
            ),
        )


def _pictures(directory: str) -> dict[str, bytes]:
    """Returns the PNG files of a directory by name, in order."""
    return _files(directory, ".png")


def _sheets(directory: str) -> dict[str, bytes | str]:
    """Returns the pictures of a directory, or its text, in order."""
    texts = _files(directory, ".txt")
    return {
        **_pictures(directory),
        **{name: text.decode() for name, text in texts.items()},
    }


def _files(directory: str, extension: str) -> dict[str, bytes]:
    if not tf.io.gfile.isdir(directory):
        return {}
    found = {}
    for name in sorted(tf.io.gfile.listdir(directory)):
        if name.endswith(extension):
            with tf.io.gfile.GFile(os.path.join(directory, name), "rb") as f:
                found[name.removesuffix(extension)] = f.read()
    return found


def _read_json(path: str) -> Any:
    if not tf.io.gfile.exists(path):
        return {}
    with tf.io.gfile.GFile(path, "r") as file:
        return json.loads(file.read())


class Report(base.Component):
    """The run's report; made also where the model is refused.

    Args:
      examples: channel of raw `Examples`, for their span.
      statistics: channel of `ExampleStatistics`.
      anomalies: channel of `ExampleAnomalies`.
      model: channel of `Model`.
      model_run: channel of `ModelRun`: curves and samples.
      evaluation: channel of `ModelEvaluation`.
      blessing: channel of Evaluator's `ModelBlessing`.
      infra_blessing: channel of ServingValidator's `InfraBlessing`.
      pushed_model: channel of `PushedModel`.
      config: str, the run's config as JSON.
      gates: str, metric name to its gates in words, as JSON.
      data_report_path: str, the dataset's report of what it left out, which
        need not be there; {SPAN} stands for the examples' span.
      metadata_path: str, the local metadata store, for timings; "" leaves
        them out.
      started: str, when the run started; "" leaves it out. Being another in
        every run, it keeps the report of an old run from being taken from
        the cache.
    """

    EXECUTOR = Executor
    INPUTS = {
        "examples": standard_artifacts.Examples,
        "statistics": standard_artifacts.ExampleStatistics,
        "anomalies": standard_artifacts.ExampleAnomalies,
        "model": standard_artifacts.Model,
        "model_run": standard_artifacts.ModelRun,
        "evaluation": standard_artifacts.ModelEvaluation,
        "blessing": standard_artifacts.ModelBlessing,
        "infra_blessing": standard_artifacts.InfraBlessing,
        "pushed_model": standard_artifacts.PushedModel,
    }
    OUTPUTS = {"report": PipelineReport}
    PARAMETERS = {
        "config": str,
        "gates": str,
        "data_report_path": str,
        "metadata_path": str,
        "started": str,
    }
