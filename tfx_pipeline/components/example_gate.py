"""Stops the run where the data breaks the curated schema."""

import os
from typing import Any

import tensorflow as tf
from tensorflow_metadata.proto.v0 import anomalies_pb2
from tfx import types
from tfx.components.example_validator import executor as example_validator
from tfx.components.statistics_gen import stats_artifact_utils
from tfx.dsl.components.base import base_component, base_executor, executor_spec
from tfx.types import artifact_utils, component_spec, standard_artifacts

from tfstory.errors import UserError
from tfx_pipeline import anomalies


class Executor(base_executor.BaseExecutor):
    """Reads what ExampleValidator found, which only records it."""

    def Do(
        self,
        input_dict: dict[str, list[types.Artifact]],
        output_dict: dict[str, list[types.Artifact]],
        exec_properties: dict[str, Any],
    ) -> None:
        """Checks all splits.

        Args:
          input_dict: `statistics`, `anomalies`.
          output_dict: empty.
          exec_properties: empty.

        Raises:
          UserError: one sentence that names every anomaly.
        """
        found = []
        statistics = artifact_utils.get_single_instance(
            input_dict["statistics"]
        )
        for split in artifact_utils.decode_split_names(statistics.split_names):
            stats = stats_artifact_utils.load_statistics(statistics, split)
            found += anomalies.in_words(
                split,
                read(input_dict["anomalies"], split),
                stats.proto().datasets[0],
            )
        if found:
            raise UserError(
                f"the data cannot be used: {'; '.join(found)}; mend the "
                "dataset and run again"
            )


def read(
    artifacts: list[types.Artifact], split: str
) -> anomalies_pb2.Anomalies:
    """Returns a split's `Anomalies` from ExampleValidator's artifact."""
    path = os.path.join(
        artifact_utils.get_split_uri(artifacts, split),
        example_validator.DEFAULT_FILE_NAME,
    )
    with tf.io.gfile.GFile(path, "rb") as file:
        return anomalies_pb2.Anomalies.FromString(file.read())


class ExampleGateSpec(types.ComponentSpec):
    """Inputs and outputs of `ExampleGate`."""

    PARAMETERS = {}
    INPUTS = {
        "statistics": component_spec.ChannelParameter(
            type=standard_artifacts.ExampleStatistics
        ),
        "anomalies": component_spec.ChannelParameter(
            type=standard_artifacts.ExampleAnomalies
        ),
    }
    OUTPUTS = {}


class ExampleGate(base_component.BaseComponent):
    """Fails with one clear sentence where ExampleValidator found anomalies.

    Args:
      statistics: channel of `ExampleStatistics`.
      anomalies: channel of `ExampleAnomalies`.
    """

    SPEC_CLASS = ExampleGateSpec
    EXECUTOR_SPEC = executor_spec.ExecutorClassSpec(Executor)

    def __init__(
        self, statistics: types.BaseChannel, anomalies: types.BaseChannel
    ):
        super().__init__(
            ExampleGateSpec(statistics=statistics, anomalies=anomalies)
        )
