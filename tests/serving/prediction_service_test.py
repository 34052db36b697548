"""Predict and GetModelMetadata over gRPC: answers and status codes."""

import concurrent.futures

import grpc
import numpy as np
import pytest

from serving import tensors
from serving.protos import (
    get_model_metadata_pb2,
    predict_pb2,
    prediction_service_pb2_grpc,
)


@pytest.fixture
def stub(shared):
    with grpc.insecure_channel(shared.target) as channel:
        yield prediction_service_pb2_grpc.PredictionServiceStub(channel)


def _request(signature="", model="numbers", version=None, **inputs):
    request = predict_pb2.PredictRequest()
    request.model_spec.name = model
    request.model_spec.signature_name = signature
    if version is not None:
        request.model_spec.version.value = version
    for name, value in inputs.items():
        request.inputs[name].CopyFrom(tensors.encode(value))
    return request


def _floats(*values):
    return np.array(values, np.float32)


def _outputs(response):
    return {
        name: tensors.decode(proto).tolist()
        for name, proto in response.outputs.items()
    }


def test_the_default_signature_answers_when_none_is_named(stub):
    response = stub.Predict(_request(x=_floats(1, 2)), timeout=30)
    assert _outputs(response) == {"y": [2.0, 3.0], "twice": [2.0, 4.0]}
    assert response.model_spec.name == "numbers"
    assert response.model_spec.version.value == 1
    assert response.model_spec.signature_name == "serving_default"
    # As TF Serving packs it; many clients read this field.
    assert list(response.outputs["y"].float_val) == [2.0, 3.0]


def test_several_inputs_of_several_types_and_batch_sizes(stub):
    for batch in (1, 3):
        pairs = np.arange(2 * batch, dtype=np.float32).reshape(batch, 2)
        factor = np.arange(batch, dtype=np.int64) + 2**40
        request = _request("scale", pairs=pairs, factor=factor)
        outputs = _outputs(stub.Predict(request, timeout=30))
        expected = pairs * factor[:, None].astype(np.float32)
        assert outputs["scaled"] == expected.tolist()
        assert outputs["factor"] == factor.tolist()


def test_strings_through_an_op_of_tensorflow_text(stub):
    request = _request("lower", text=["ÄB", "", "Straße"])
    outputs = _outputs(stub.Predict(request, timeout=30))
    expected = ["äb".encode(), b"", b"strasse"]
    assert outputs == {"text": expected, "bytes": [3, 0, 7]}


def test_an_empty_batch_is_answered_with_an_empty_one(stub):
    request = _request("lower", text=np.empty([0], object))
    assert _outputs(stub.Predict(request, timeout=30))["text"] == []


def test_the_output_filter_is_honoured(stub):
    request = _request(x=_floats(3))
    request.output_filter.append("twice")
    assert _outputs(stub.Predict(request, timeout=30)) == {"twice": [6.0]}


def _filtered(*names):
    request = _request(x=_floats(3))
    request.output_filter.extend(names)
    return request


def _lying():
    request = _request(x=_floats(3))
    request.inputs["x"].tensor_content = b"12345"
    return request


def _huge():
    request = _request(x=_floats(3))
    request.inputs["x"].tensor_shape.dim[0].size = 10**12
    return request


def _many_copies():
    # A kilobyte on the wire, a gigabyte in memory.
    request = _request("lower", text=["x" * 2**10])
    request.inputs["text"].tensor_shape.dim[0].size = 2**20
    return request


def _unlabelled():
    request = _request(x=_floats(3))
    request.model_spec.version_label = "stable"
    return request


@pytest.mark.parametrize(
    ("make_request", "code", "message"),
    [
        (
            lambda: _request(model="other", x=_floats(1)),
            "NOT_FOUND",
            "Servable not found for request: Latest(other)",
        ),
        (
            lambda: _request(version=3, x=_floats(1)),
            "NOT_FOUND",
            "Servable not found for request: Specific(numbers, 3)",
        ),
        (
            lambda: _request(model="", x=_floats(1)),
            "INVALID_ARGUMENT",
            "ModelSpec has no name specified.",
        ),
        (_unlabelled, "INVALID_ARGUMENT", "version label: stable"),
        (
            lambda: _request("nope", x=_floats(1)),
            "INVALID_ARGUMENT",
            'Serving signature key "nope" not found. The model has {',
        ),
        (
            lambda: _request("__saved_model_init_op"),
            "INVALID_ARGUMENT",
            'signature key "__saved_model_init_op" not found',
        ),
        (
            lambda: _request("scale", pairs=np.zeros([1, 2], np.float32)),
            "INVALID_ARGUMENT",
            "Missing but required: {factor}.",
        ),
        (
            lambda: _request(x=_floats(1), z=_floats(1)),
            "INVALID_ARGUMENT",
            "Sent extra: {z}.",
        ),
        (
            lambda: _request(x=np.array([1.0])),
            "INVALID_ARGUMENT",
            "Input 'x' is expected to be float32 but float64 is provided.",
        ),
        (
            lambda: _request(x=np.zeros([1, 1], np.float32)),
            "INVALID_ARGUMENT",
            "Input 'x' is expected to have shape [?] but has [1,1].",
        ),
        (
            lambda: _request(
                "scale",
                pairs=np.zeros([1, 3], np.float32),
                factor=np.array([1]),
            ),
            "INVALID_ARGUMENT",
            "Input 'pairs' is expected to have shape [?,2] but has [1,3].",
        ),
        (_lying, "INVALID_ARGUMENT", "Input 'x' cannot be read: its content"),
        (_huge, "INVALID_ARGUMENT", "Input 'x' cannot be read: its shape"),
        (_many_copies, "INVALID_ARGUMENT", "Input 'text' cannot be read: its"),
        (
            lambda: _filtered("z"),
            "INVALID_ARGUMENT",
            "output tensor alias not found in signature: z",
        ),
        (
            lambda: _filtered("y", "y"),
            "INVALID_ARGUMENT",
            "duplicate output tensor alias: y",
        ),
        (
            lambda: _request("height", images=["no picture"]),
            "INVALID_ARGUMENT",
            "Unknown image file format. One of JPEG, PNG, GIF, BMP",
        ),
        (
            lambda: _request(
                "scale",
                pairs=np.zeros([2, 2], np.float32),
                factor=np.array([1, 2, 3]),
            ),
            "INVALID_ARGUMENT",
            "Incompatible shapes: ",
        ),
    ],
)
def test_bad_requests(stub, make_request, code, message):
    with pytest.raises(grpc.RpcError) as raised:
        stub.Predict(make_request(), timeout=30)
    assert raised.value.code().name == code
    assert message in raised.value.details()
    assert "\n" not in raised.value.details()
    assert "{{node" not in raised.value.details()


@pytest.mark.parametrize("method", ["Classify", "Regress", "MultiInference"])
def test_what_is_not_implemented_says_so(stub, method):
    from tensorflow_serving.apis import (
        classification_pb2,
        inference_pb2,
        regression_pb2,
    )

    request = {
        "Classify": classification_pb2.ClassificationRequest,
        "Regress": regression_pb2.RegressionRequest,
        "MultiInference": inference_pb2.MultiInferenceRequest,
    }[method]()
    with pytest.raises(grpc.RpcError) as raised:
        getattr(stub, method)(request, timeout=30)
    assert raised.value.code() is grpc.StatusCode.UNIMPLEMENTED
    assert f"{method} is not implemented" in raised.value.details()


def test_a_request_over_the_limit_is_resource_exhausted(add_version, serve):
    add_version(1)
    served = serve(max_request_bytes=10_000)
    with grpc.insecure_channel(served.target) as channel:
        stub = prediction_service_pb2_grpc.PredictionServiceStub(channel)
        fits = _request("lower", text=["x" * 9_000])
        assert _outputs(stub.Predict(fits, timeout=30))["bytes"] == [9000]
        with pytest.raises(grpc.RpcError) as raised:
            stub.Predict(_request("lower", text=["x" * 10_000]), timeout=30)
    assert raised.value.code() is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "larger than max" in raised.value.details()


def test_answers_to_many_callers_at_once_do_not_mix(stub):
    def call(number):
        request = _request("lower", text=[f"TEXT {number}"])
        return _outputs(stub.Predict(request, timeout=60))["text"]

    with concurrent.futures.ThreadPoolExecutor(32) as pool:
        answers = list(pool.map(call, range(300)))
    assert answers == [[f"text {n}".encode()] for n in range(300)]


def _metadata_request(*fields, model="numbers"):
    request = get_model_metadata_pb2.GetModelMetadataRequest()
    if model:
        request.model_spec.name = model
    request.metadata_field.extend(fields)
    return request


def test_metadata_holds_every_signature(stub):
    response = stub.GetModelMetadata(_metadata_request("signature_def"))
    assert response.model_spec.version.value == 1
    signatures = get_model_metadata_pb2.SignatureDefMap()
    assert response.metadata["signature_def"].Unpack(signatures)
    scale = signatures.signature_def["scale"]
    assert [dim.size for dim in scale.inputs["pairs"].tensor_shape.dim] == [
        -1,
        2,
    ]
    assert scale.method_name == "tensorflow/serving/predict"
    assert set(signatures.signature_def) >= {"serving_default", "lower"}


@pytest.mark.parametrize(
    ("fields", "model", "code", "message"),
    [
        ((), "numbers", "INVALID_ARGUMENT", "at least one metadata_field"),
        (("x",), "numbers", "INVALID_ARGUMENT", "field x is not supported"),
        (("signature_def",), "", "INVALID_ARGUMENT", "Missing ModelSpec"),
        (("signature_def",), "other", "NOT_FOUND", "Latest(other)"),
    ],
)
def test_bad_metadata_requests(stub, fields, model, code, message):
    with pytest.raises(grpc.RpcError) as raised:
        stub.GetModelMetadata(_metadata_request(*fields, model=model))
    assert raised.value.code().name == code
    assert message in raised.value.details()
