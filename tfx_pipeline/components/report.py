"""Writes what came of the run: a page for people, JSON for programs."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any

import tensorflow as tf
from tfx import types
from tfx.components.statistics_gen import stats_artifact_utils
from tfx.dsl.components.base import base_component, base_executor, executor_spec
from tfx.types import (
    artifact,
    artifact_utils,
    component_spec,
    standard_artifacts,
)
from tfx.utils import path_utils

from tfstory.commands import config_file
from tfstory.systems import registry
from tfx_pipeline import anomalies as anomalies_lib
from tfx_pipeline import evaluation as evaluation_lib
from tfx_pipeline import report_html, runs, trainer_fn
from tfx_pipeline import summary as summary_lib
from tfx_pipeline.components import example_gate, serving_validator

HTML_FILE = "report.html"


class PipelineReport(artifact.Artifact):
    """A directory with `report.html` and `summary.json`."""

    # With a namespace, as Kubeflow wants it.
    TYPE_NAME = "tfstory.PipelineReport"


class Executor(base_executor.BaseExecutor):
    """Gathers from all components, whether the model was blessed or not."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Writes the report.

        Args:
          input_dict: those of `ReportSpec`.
          output_dict: `report`.
          exec_properties: those of `ReportSpec`.
        """
        directory = artifact_utils.get_single_uri(output_dict["report"])
        summary = self._summary(input_dict, exec_properties)
        summary_lib.write(summary, os.path.join(directory, summary_lib.FILE))
        model_run = artifact_utils.get_single_uri(input_dict["model_run"])
        page = report_html.render(
            summary,
            curves=_pictures(os.path.join(model_run, "plots")),
            samples=_pictures(os.path.join(model_run, "samples")),
            data_report=_read_json(exec_properties["data_report_path"]),
            anomalies=_anomalies(input_dict),
            config=exec_properties["config"],
        )
        path = os.path.join(directory, HTML_FILE)
        with tf.io.gfile.GFile(path, "w") as file:
            file.write(page)

    def _summary(
        self,
        input_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> summary_lib.Summary:
        evaluation = evaluation_lib.read(
            artifact_utils.get_single_uri(input_dict["evaluation"])
        )
        verdict = _read_json(
            os.path.join(
                artifact_utils.get_single_uri(input_dict["infra_blessing"]),
                serving_validator.VERDICT_FILE,
            )
        )
        pushed = artifact_utils.get_single_instance(input_dict["pushed_model"])
        pushed_to = pushed.get_string_custom_property("pushed_destination")
        refusals = [*evaluation.failures, *verdict["refusals"]]
        if not refusals and not pushed_to:
            refusals = ["the Evaluator did not bless it, and gave no reason"]
        model_run = artifact_utils.get_single_uri(input_dict["model_run"])
        started = _read_json(
            os.path.join(model_run, trainer_fn.WARM_START_FILE)
        )
        config = config_file.from_json(exec_properties["config"])
        metadata_path = exec_properties["metadata_path"]
        context = self._context
        overall = evaluation.slices.get(evaluation_lib.OVERALL, {})
        return summary_lib.Summary(
            pipeline_name=context.pipeline_info.id if context else "",
            decision=summary_lib.decision(refusals, pushed_to),
            refusals=refusals,
            pushed_to=pushed_to,
            model_dir=path_utils.serving_model_path(
                artifact_utils.get_single_uri(input_dict["model"])
            ),
            warm_start=started["outcome"],
            examples=int(overall.get("example_count", 0)),
            metrics=summary_lib.metric_rows(
                registry.get(config.system).ratios,
                json.loads(exec_properties["gates"]),
                json.loads(exec_properties["no_worse"]),
                evaluation,
            ),
            slices={
                title: values
                for title, values in sorted(evaluation.slices.items())
                if title != evaluation_lib.OVERALL
            },
            splits=_split_sizes(input_dict["statistics"]),
            latency_ms=verdict["latency_ms"],
            server=verdict["server"],
            timings=(
                runs.timings(metadata_path, context.pipeline_run_id)
                if metadata_path and context
                else []
            ),
        )


def _split_sizes(statistics: list[types.Artifact]) -> dict[str, int]:
    return {
        split: stats.num_examples
        for split, stats in _statistics(statistics).items()
    }


def _anomalies(input_dict: dict[str, list[types.Artifact]]) -> list[str]:
    return [
        sentence
        for split, stats in _statistics(input_dict["statistics"]).items()
        for sentence in anomalies_lib.in_words(
            split, example_gate.read(input_dict["anomalies"], split), stats
        )
    ]


def _statistics(artifacts: list[types.Artifact]) -> dict[str, Any]:
    statistics = artifact_utils.get_single_instance(artifacts)
    return {
        split: stats_artifact_utils.load_statistics(statistics, split)
        .proto()
        .datasets[0]
        for split in artifact_utils.decode_split_names(statistics.split_names)
    }


def _pictures(directory: str) -> dict[str, bytes]:
    """Returns the PNG files of a directory by name, in order."""
    if not tf.io.gfile.isdir(directory):
        return {}
    pictures = {}
    for name in sorted(tf.io.gfile.listdir(directory)):
        if name.endswith(".png"):
            with tf.io.gfile.GFile(os.path.join(directory, name), "rb") as f:
                pictures[name.removesuffix(".png")] = f.read()
    return pictures


def _read_json(path: str) -> Any:
    if not path or not tf.io.gfile.exists(path):
        return {}
    with tf.io.gfile.GFile(path, "r") as file:
        return json.loads(file.read())


class ReportSpec(types.ComponentSpec):
    """Inputs, outputs and parameters of `Report`."""

    PARAMETERS = {
        "config": component_spec.ExecutionParameter(type=str),
        "gates": component_spec.ExecutionParameter(type=str),
        "no_worse": component_spec.ExecutionParameter(type=str),
        "data_report_path": component_spec.ExecutionParameter(type=str),
        "metadata_path": component_spec.ExecutionParameter(type=str),
    }
    INPUTS = {
        "statistics": component_spec.ChannelParameter(
            type=standard_artifacts.ExampleStatistics
        ),
        "anomalies": component_spec.ChannelParameter(
            type=standard_artifacts.ExampleAnomalies
        ),
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "model_run": component_spec.ChannelParameter(
            type=standard_artifacts.ModelRun
        ),
        "evaluation": component_spec.ChannelParameter(
            type=standard_artifacts.ModelEvaluation
        ),
        "infra_blessing": component_spec.ChannelParameter(
            type=standard_artifacts.InfraBlessing
        ),
        "pushed_model": component_spec.ChannelParameter(
            type=standard_artifacts.PushedModel
        ),
    }
    OUTPUTS = {
        "report": component_spec.ChannelParameter(type=PipelineReport),
    }


class Report(base_component.BaseComponent):
    """The run's report; made also where the model is refused.

    Args:
      statistics: channel of `ExampleStatistics`.
      anomalies: channel of `ExampleAnomalies`.
      model: channel of `Model`.
      model_run: channel of `ModelRun`: curves and samples.
      evaluation: channel of `ModelEvaluation`.
      infra_blessing: channel of ServingValidator's `InfraBlessing`.
      pushed_model: channel of `PushedModel`.
      config: str, the run's config as JSON.
      gates: metric name to bound.
      no_worse: metrics compared with the last blessed model's.
      data_report_path: str, the dataset's report of what it left out, or "".
      metadata_path: str, the local metadata store, for timings; "" leaves
        them out.
    """

    SPEC_CLASS = ReportSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        statistics: types.BaseChannel,
        anomalies: types.BaseChannel,
        model: types.BaseChannel,
        model_run: types.BaseChannel,
        evaluation: types.BaseChannel,
        infra_blessing: types.BaseChannel,
        pushed_model: types.BaseChannel,
        config: str,
        gates: Mapping[str, float],
        no_worse: Sequence[str],
        data_report_path: str,
        metadata_path: str,
    ):
        super().__init__(
            ReportSpec(
                statistics=statistics,
                anomalies=anomalies,
                model=model,
                model_run=model_run,
                evaluation=evaluation,
                infra_blessing=infra_blessing,
                pushed_model=pushed_model,
                config=config,
                gates=json.dumps(gates, sort_keys=True),
                no_worse=json.dumps(list(no_worse)),
                data_report_path=data_report_path,
                metadata_path=metadata_path,
                report=types.Channel(type=PipelineReport),
            )
        )
