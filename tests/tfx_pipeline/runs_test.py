"""Tests of what is read back from ML Metadata."""

import pytest
from ml_metadata import metadata_store
from ml_metadata.proto import metadata_store_pb2

from tfx_pipeline import runs


def test_no_run_has_refused_nothing(tmp_path):
    assert runs.serving_refusals(str(tmp_path / "metadata.sqlite")) == 0


@pytest.mark.parametrize(
    ("blessed", "refusals"), [([], 0), ([1], 0), ([0, 1, 0], 2)]
)
def test_refusals_of_a_server_check_are_counted(tmp_path, blessed, refusals):
    path = tmp_path / "metadata.sqlite"
    config = metadata_store_pb2.ConnectionConfig()
    config.sqlite.filename_uri = str(path)
    store = metadata_store.MetadataStore(config)
    kinds = {
        name: store.put_artifact_type(
            metadata_store_pb2.ArtifactType(name=name)
        )
        for name in ("InfraBlessing", "ModelBlessing")
    }
    artifacts = [
        metadata_store_pb2.Artifact(type_id=kinds["InfraBlessing"])
        for _ in blessed
    ]
    # Another component's refusal does not count.
    artifacts.append(
        metadata_store_pb2.Artifact(type_id=kinds["ModelBlessing"])
    )
    for artifact, value in zip(artifacts, [*blessed, 0], strict=True):
        artifact.custom_properties["blessed"].int_value = value
    # Abandoned before it said anything.
    artifacts.append(
        metadata_store_pb2.Artifact(type_id=kinds["InfraBlessing"])
    )
    store.put_artifacts(artifacts)
    assert runs.serving_refusals(str(path)) == refusals
