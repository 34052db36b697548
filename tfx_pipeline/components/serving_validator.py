"""Blesses a model that a real server process serves well."""

import dataclasses
import json
import os
import tempfile
from collections.abc import Mapping
from typing import Any

import tensorflow as tf
import tensorflow_transform as tft
from tfx import types
from tfx.types import artifact_utils, standard_artifacts
from tfx.utils import io_utils, path_utils

from tfstory.commands import config_file
from tfstory.errors import UserError
from tfstory.systems import registry
from tfx_pipeline import server_process, serving_check, transform_fn
from tfx_pipeline.components import base

VERDICT_FILE = "verdict.json"
_REQUESTS = 5


class Executor(base.Executor):
    """Starts the server, sends requests and writes the verdict."""

    def run(
        self,
        inputs: Mapping[str, types.Artifact],
        outputs: Mapping[str, types.Artifact],
        parameters: Mapping[str, Any],
    ) -> None:
        """Validates the model; the blessing also gets `verdict.json`."""
        model_name = parameters["model_name"]
        singles, batch = _requests(inputs, parameters)
        with tempfile.TemporaryDirectory(prefix="tfstory-model-") as versions:
            io_utils.copy_dir(
                path_utils.serving_model_path(inputs["model"].uri),
                os.path.join(versions, "1"),
            )
            try:
                with server_process.serve(versions, model_name) as target:
                    verdict = serving_check.check(
                        target,
                        model_name,
                        singles,
                        batch,
                        parameters["latency_budget_ms"],
                        server_process.name(),
                    )
            except UserError as error:
                verdict = serving_check.Verdict(
                    [str(error)], {}, 0, server_process.name()
                )
        _write(outputs["blessing"], verdict)


def _requests(
    inputs: Mapping[str, types.Artifact], parameters: Mapping[str, Any]
) -> tuple[list[serving_check.Requests], serving_check.Requests]:
    transform = tft.TFTransformOutput(inputs["transform_graph"].uri)
    vocabulary = transform.vocabulary_file_by_name(transform_fn.VOCABULARY)
    system = registry.create(
        config_file.from_json(parameters["config"]), vocabulary or ""
    )
    directory = artifact_utils.get_split_uri(
        [inputs["examples"]], parameters["split"]
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


class ServingValidator(base.Component):
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
      serving_refusals: int, part of the cache's key alone: with every refusal
        one more, so that none comes from the cache.
    """

    EXECUTOR = Executor
    INPUTS = {
        "model": standard_artifacts.Model,
        "examples": standard_artifacts.Examples,
        "transform_graph": standard_artifacts.TransformGraph,
    }
    OUTPUTS = {"blessing": standard_artifacts.InfraBlessing}
    PARAMETERS = {
        "config": str,
        "model_name": str,
        "split": str,
        "latency_budget_ms": float,
        "serving_refusals": int,
    }
