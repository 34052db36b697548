"""The curated schema and the gate behind ExampleValidator."""

import os

import pytest
import tensorflow as tf
import tensorflow_data_validation as tfdv
from google.protobuf import text_format
from tensorflow_metadata.proto.v0 import schema_pb2
from tfx.types import artifact_utils, standard_artifacts

from tests.tfx_pipeline import toy_system
from tfstory import stories
from tfstory.errors import UserError
from tfx_pipeline import schema
from tfx_pipeline.components.example_gate import Executor


def _gate(tmp_path, examples):
    """Runs the gate on what TFDV finds in `examples`."""
    path = str(tmp_path / "examples.gz")
    with tf.io.TFRecordWriter(path, "GZIP") as writer:
        for example in examples:
            writer.write(example.SerializeToString())
    curated = schema.build(stories.example_format(toy_system.FRAMES))
    found = tfdv.generate_statistics_from_tfrecord(
        path, stats_options=tfdv.StatsOptions(schema=curated)
    )
    statistics = standard_artifacts.ExampleStatistics()
    anomalies = standard_artifacts.ExampleAnomalies()
    for artifact, file, proto in (
        (statistics, "FeatureStats.pb", found),
        (
            anomalies,
            "SchemaDiff.pb",
            tfdv.validate_statistics(found, curated),
        ),
    ):
        artifact.uri = str(tmp_path / artifact.TYPE_NAME)
        artifact.split_names = artifact_utils.encode_split_names(["train"])
        directory = os.path.join(artifact.uri, "Split-train")
        os.makedirs(directory)
        with open(os.path.join(directory, file), "wb") as output:
            output.write(proto.SerializeToString())
    Executor().Do(
        {"statistics": [statistics], "anomalies": [anomalies]}, {}, {}
    )


def _examples(**arguments):
    return [
        stories.encode(toy_system.story(number, **arguments))
        for number in range(6)
    ]


def test_sound_stories_pass(tmp_path):
    _gate(tmp_path, _examples())


def test_empty_captions_stop_the_run(tmp_path):
    with pytest.raises(UserError, match="18 of 18 captions .* are empty"):
        _gate(tmp_path, _examples(caption=""))


@pytest.mark.parametrize("name", ["images", "sentences"])
def test_a_missing_feature_stops_the_run(tmp_path, name):
    examples = _examples()
    for example in examples:
        del example.features.feature[name]
    with pytest.raises(UserError, match=f"feature '{name}' .* missing"):
        _gate(tmp_path, examples)


def test_another_number_of_frames_stops_the_run(tmp_path):
    examples = _examples()
    for example in examples:
        del example.features.feature["images"].bytes_list.value[-1]
    with pytest.raises(UserError, match="feature 'images'"):
        _gate(tmp_path, examples)


def test_the_file_is_named_by_what_is_in_it(tmp_path):
    three = stories.example_format(3)
    first = schema.write(three, str(tmp_path))
    assert schema.write(three, str(tmp_path)) == first
    second = schema.write(stories.example_format(7), str(tmp_path))
    assert second != first
    with open(second) as file:
        read = text_format.Parse(file.read(), schema_pb2.Schema())
    frames = {f.name: [d.size for d in f.shape.dim] for f in read.feature}
    assert frames["images"] == frames["sentences"] == [7]
    assert frames["story_id"] == []
