"""Stops the run where the data breaks the curated schema."""

import os
from collections.abc import Mapping
from typing import Any

import tensorflow as tf
from tensorflow_metadata.proto.v0 import anomalies_pb2, statistics_pb2
from tfx import types
from tfx.components.example_validator import executor as example_validator
from tfx.components.statistics_gen import stats_artifact_utils
from tfx.types import artifact_utils, standard_artifacts

from tfstory.errors import UserError
from tfx_pipeline import anomalies as anomalies_lib
from tfx_pipeline.components import base


class Executor(base.Executor):
    """Reads what ExampleValidator found, which only records it."""

    def run(
        self,
        inputs: Mapping[str, types.Artifact],
        outputs: Mapping[str, types.Artifact],
        parameters: Mapping[str, Any],
    ) -> None:
        """Checks all splits.

        Raises:
          UserError: one sentence that names every anomaly.
        """
        found = in_words(inputs["statistics"], inputs["anomalies"])
        if found:
            raise UserError(
                f"the data cannot be used: {'; '.join(found)}; mend the "
                "dataset and run again"
            )


def in_words(
    statistics: types.Artifact, anomalies: types.Artifact
) -> list[str]:
    """Returns a sentence for each thing that is wrong with a split."""
    return [
        sentence
        for split, counted in load_statistics(statistics).items()
        for sentence in anomalies_lib.in_words(
            split, _load_anomalies(anomalies, split), counted
        )
    ]


def load_statistics(
    statistics: types.Artifact,
) -> dict[str, statistics_pb2.DatasetFeatureStatistics]:
    """Returns split to what StatisticsGen counted in it."""
    return {
        split: stats_artifact_utils.load_statistics(statistics, split)
        .proto()
        .datasets[0]
        for split in artifact_utils.decode_split_names(statistics.split_names)
    }


def _load_anomalies(
    artifact: types.Artifact, split: str
) -> anomalies_pb2.Anomalies:
    path = os.path.join(
        artifact_utils.get_split_uri([artifact], split),
        example_validator.DEFAULT_FILE_NAME,
    )
    with tf.io.gfile.GFile(path, "rb") as file:
        return anomalies_pb2.Anomalies.FromString(file.read())


class ExampleGate(base.Component):
    """Fails with one clear sentence where ExampleValidator found anomalies.

    Args:
      statistics: channel of `ExampleStatistics`.
      anomalies: channel of `ExampleAnomalies`.
    """

    EXECUTOR = Executor
    INPUTS = {
        "statistics": standard_artifacts.ExampleStatistics,
        "anomalies": standard_artifacts.ExampleAnomalies,
    }
