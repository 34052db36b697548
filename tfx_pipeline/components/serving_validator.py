"""Blesses a model that a real server process serves well."""

import dataclasses
import json
import os
import tempfile
from typing import Any

import tensorflow as tf
import tensorflow_transform as tft
from tfx import types
from tfx.dsl.components.base import base_component, base_executor, executor_spec
from tfx.types import artifact_utils, component_spec, standard_artifacts
from tfx.utils import io_utils, path_utils

from tfstory.commands import config_file
from tfstory.errors import UserError
from tfstory.systems import registry
from tfx_pipeline import server_process, serving_check, transform_fn

VERDICT_FILE = "verdict.json"
_REQUESTS = 5


class Executor(base_executor.BaseExecutor):
    """Starts the server, sends requests and writes the verdict."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Validates the model.

        Args:
          input_dict: `model`, `examples` (raw), `transform_graph`.
          output_dict: `blessing`, whose directory also gets `verdict.json`.
          exec_properties: those of `ServingValidatorSpec`.
        """
        blessing = artifact_utils.get_single_instance(output_dict["blessing"])
        model_name = exec_properties["model_name"]
        singles, batch = _requests(input_dict, exec_properties)
        model = artifact_utils.get_single_uri(input_dict["model"])
        with tempfile.TemporaryDirectory(prefix="tfstory-model-") as base:
            io_utils.copy_dir(
                path_utils.serving_model_path(model), os.path.join(base, "1")
            )
            try:
                with server_process.serve(base, model_name) as target:
                    verdict = serving_check.check(
                        target,
                        model_name,
                        singles,
                        batch,
                        exec_properties["latency_budget_ms"],
                        server_process.name(),
                    )
            except UserError as error:
                verdict = serving_check.Verdict(
                    [str(error)], {}, 0, server_process.name()
                )
        _write(blessing, verdict)


def _requests(
    input_dict: dict[str, list[types.Artifact]],
    exec_properties: dict[str, Any],
) -> tuple[list[serving_check.Requests], serving_check.Requests]:
    transform = tft.TFTransformOutput(
        artifact_utils.get_single_uri(input_dict["transform_graph"])
    )
    vocabulary = transform.vocabulary_file_by_name(transform_fn.VOCABULARY)
    system = registry.create(
        config_file.from_json(exec_properties["config"]), vocabulary or ""
    )
    directory = artifact_utils.get_split_uri(
        input_dict["examples"], exec_properties["split"]
    )
    files = sorted(tf.io.gfile.glob(os.path.join(directory, "*")))
    serialized = list(
        tf.data.TFRecordDataset(files, compression_type="GZIP")
        .take(_REQUESTS)
        .as_numpy_iterator()
    )
    raw = {k: v.numpy() for k, v in system.parse(serialized).items()}
    singles = [
        system.request_inputs({k: v[row : row + 1] for k, v in raw.items()})
        for row in range(len(serialized))
    ]
    return singles, system.request_inputs(raw)


def _write(blessing: types.Artifact, verdict: serving_check.Verdict) -> None:
    blessed = not verdict.refusals
    # The names that the stock InfraValidator uses and Pusher looks for.
    flag = "INFRA_BLESSED" if blessed else "INFRA_NOT_BLESSED"
    io_utils.write_string_file(os.path.join(blessing.uri, flag), "")
    io_utils.write_string_file(
        os.path.join(blessing.uri, VERDICT_FILE),
        json.dumps(dataclasses.asdict(verdict), indent=1),
    )
    blessing.set_int_custom_property("blessed", int(blessed))


class ServingValidatorSpec(types.ComponentSpec):
    """Inputs, outputs and parameters of `ServingValidator`."""

    PARAMETERS = {
        "config": component_spec.ExecutionParameter(type=str),
        "model_name": component_spec.ExecutionParameter(type=str),
        "split": component_spec.ExecutionParameter(type=str),
        "latency_budget_ms": component_spec.ExecutionParameter(type=float),
    }
    INPUTS = {
        "model": component_spec.ChannelParameter(type=standard_artifacts.Model),
        "examples": component_spec.ChannelParameter(
            type=standard_artifacts.Examples
        ),
        "transform_graph": component_spec.ChannelParameter(
            type=standard_artifacts.TransformGraph
        ),
    }
    OUTPUTS = {
        "blessing": component_spec.ChannelParameter(
            type=standard_artifacts.InfraBlessing
        ),
    }


class ServingValidator(base_component.BaseComponent):
    """An InfraValidator without Docker that says why it refuses.

    The server is `tensorflow_model_server` where it is on the PATH, else
    `serving.server`; real examples become requests through the system's
    `request_inputs`.

    Args:
      model: channel of `Model`.
      examples: channel of raw `Examples`.
      transform_graph: channel of `TransformGraph`, for the vocabulary.
      config: str, the run's config as JSON.
      model_name: str, the name to serve under.
      split: str, the split whose examples are sent.
      latency_budget_ms: float, what the median answer may take.
    """

    SPEC_CLASS = ServingValidatorSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self,
        model: types.BaseChannel,
        examples: types.BaseChannel,
        transform_graph: types.BaseChannel,
        config: str,
        model_name: str,
        split: str,
        latency_budget_ms: float,
    ):
        blessing = types.Channel(type=standard_artifacts.InfraBlessing)
        super().__init__(
            ServingValidatorSpec(
                model=model,
                examples=examples,
                transform_graph=transform_graph,
                config=config,
                model_name=model_name,
                split=split,
                latency_budget_ms=latency_budget_ms,
                blessing=blessing,
            )
        )
