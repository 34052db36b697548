"""Warm-up requests run before a version can be called."""

import pytest

from serving import tensors
from serving.protos import predict_pb2
from serving.server import warmup
from serving.server.status import StatusError


def _log(signature="serving_default", **inputs):
    from tensorflow_serving.apis import prediction_log_pb2

    log = prediction_log_pb2.PredictionLog()
    request = log.predict_log.request
    request.model_spec.signature_name = signature
    for name, value in inputs.items():
        request.inputs[name].CopyFrom(tensors.encode(value))
    return log.SerializeToString()


def _write(version_path, records):
    import tensorflow as tf

    path = version_path / warmup.REQUESTS
    path.parent.mkdir(parents=True)
    with tf.io.TFRecordWriter(str(path)) as writer:
        for record in records:
            writer.write(record)
    return path


def test_every_predict_record_is_run_in_order(tmp_path):
    _write(tmp_path, [_log("a", text=["1"]), _log("b", text=["2"])])
    requests = []
    assert warmup.run(tmp_path, requests.append) == 2
    assert isinstance(requests[0], predict_pb2.PredictRequest)
    assert [r.model_spec.signature_name for r in requests] == ["a", "b"]


def test_a_version_without_requests_is_fine(tmp_path):
    assert warmup.run(tmp_path, pytest.fail) == 0


def test_more_than_a_thousand_records_are_refused(tmp_path):
    _write(tmp_path, [_log()] * 1001)
    requests = []
    with pytest.raises(StatusError, match=r"exceeds the maximum \(1000\)"):
        warmup.run(tmp_path, requests.append)
    assert len(requests) == 1000


def test_a_file_that_is_no_tfrecord_is_refused(tmp_path):
    import tensorflow as tf

    _write(tmp_path, []).write_bytes(b"this is not a TFRecord at all")
    with pytest.raises(tf.errors.DataLossError):
        warmup.run(tmp_path, pytest.fail)


def test_a_record_that_is_no_log_is_refused(tmp_path):
    _write(tmp_path, [b"\xff\xff\xff"])
    with pytest.raises(StatusError, match="parse a warm-up record"):
        warmup.run(tmp_path, pytest.fail)


def test_failing_warm_up_keeps_a_version_out_of_service(
    served, add_version, eventually
):
    path = add_version(2, base_path=served.base_path.parent)
    _write(path, [_log("lower", text=["A"]), _log("lower", wrong=["A"])])
    path.rename(served.base_path / "2")
    with served.client() as client:
        eventually(lambda: client.status()[0].error)
        assert "Sent extra: {wrong}" in client.status()[0].error
        assert client.predict("", {"x": [0.0]})["y"].tolist() == [1.0]
