"""ModelService over gRPC: states of versions, and new configurations."""

import grpc
import pytest
from google.protobuf import text_format

from serving.protos import (
    get_model_status_pb2,
    model_management_pb2,
    model_service_pb2_grpc,
)


@pytest.fixture
def stub(served):
    with grpc.insecure_channel(served.target) as channel:
        yield model_service_pb2_grpc.ModelServiceStub(channel)


def _status(stub, model="numbers", version=None):
    request = get_model_status_pb2.GetModelStatusRequest()
    if model:
        request.model_spec.name = model
    if version is not None:
        request.model_spec.version.value = version
    response = stub.GetModelStatus(request, timeout=30)
    name = get_model_status_pb2.ModelVersionStatus.State.Name
    return {
        entry.version: (name(entry.state), entry.status.error_message)
        for entry in response.model_version_status
    }


def _reload(stub, *models):
    request = model_management_pb2.ReloadConfigRequest()
    entries = "".join(
        f"config {{ name: '{name}' base_path: '{path}' "
        f"model_platform: 'tensorflow' {extra} }}"
        for name, path, extra in models
    )
    text = f"config {{ model_config_list {{ {entries} }} }}"
    return stub.HandleReloadConfigRequest(
        text_format.Parse(text, request), timeout=60
    )


def _outcome(call, *arguments, **options):
    with pytest.raises(grpc.RpcError) as raised:
        call(*arguments, **options)
    return raised.value.code().name, raised.value.details()


def test_states_follow_a_change_of_version(
    stub, served, add_version, eventually
):
    assert _status(stub) == {1: ("AVAILABLE", "")}
    add_version(2)
    after = {1: ("END", ""), 2: ("AVAILABLE", "")}
    eventually(lambda: _status(stub) == after)
    assert _status(stub, version=2) == {2: ("AVAILABLE", "")}


def test_unknown_models_and_versions(stub):
    assert _outcome(_status, stub, "other") == (
        "NOT_FOUND",
        "Could not find any versions of model other",
    )
    assert _outcome(_status, stub, version=7) == (
        "NOT_FOUND",
        "Could not find version 7 of model numbers",
    )
    assert _outcome(_status, stub, "")[0] == "INVALID_ARGUMENT"


def test_a_torn_version_is_never_served_and_its_error_shown(
    stub, served, exports, eventually
):
    # Its variables are missing, as in the middle of a copy.
    whole = exports / "2"
    partial = served.base_path.with_name("partial")
    partial.mkdir()
    (partial / "saved_model.pb").write_bytes(
        (whole / "saved_model.pb").read_bytes()
    )
    torn = partial.rename(served.base_path / "2")
    eventually(lambda: _status(stub).get(2, ("", ""))[0] == "END")
    assert "variables" in _status(stub)[2][1]
    with served.client() as client:
        assert client.predict("", {"x": [1.0]})["y"].tolist() == [2.0]
        # The rest arrives, and the version is taken without a restart.
        (torn / "variables").mkdir()
        for file in (whole / "variables").iterdir():
            (torn / "variables" / file.name).write_bytes(file.read_bytes())
        eventually(lambda: _status(stub)[2] == ("AVAILABLE", ""))
        assert client.predict("", {"x": [1.0]})["y"].tolist() == [3.0]


@pytest.mark.parametrize("part", ["saved_model.pb", "data"])
def test_cut_off_files_are_not_served(
    stub, served, add_version, eventually, part
):
    path = add_version(2, base_path=served.base_path.parent)
    file = next(f for f in path.rglob("*") if part in f.name)
    file.write_bytes(file.read_bytes()[:-5])
    path.rename(served.base_path / "2")
    eventually(lambda: _status(stub).get(2, ("", ""))[1] != "")
    assert _status(stub)[1] == ("AVAILABLE", "")
    with served.client() as client:
        assert client.predict("", {"x": [1.0]})["y"].tolist() == [2.0]


def test_reload_adds_models_and_removes_the_others(stub, served, exports):
    response = _reload(
        stub,
        (
            "other",
            exports,
            "model_version_policy { specific { versions: 1 versions: 3 } }"
            "version_labels { key: 'stable' value: 1 }"
            "version_labels { key: 'canary' value: 3 }",
        ),
    )
    assert response.status.error_code == 0
    assert set(_status(stub, "other")) == {1, 3}
    for options, answer in (
        ({}, 4.0),
        ({"version": 1}, 2.0),
        ({"version_label": "stable"}, 2.0),
        ({"version_label": "canary"}, 4.0),
    ):
        with served.client("other", **options) as client:
            assert client.predict("", {"x": [1.0]})["y"].tolist() == [answer]
    assert _status(stub) == {1: ("END", "")}


def test_reload_waits_for_new_models_and_says_which_failed(
    stub, served, tmp_path
):
    broken = tmp_path / "broken"
    (broken / "5").mkdir(parents=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    code, details = _outcome(
        _reload,
        stub,
        ("numbers", served.base_path, ""),
        ("broken", broken, ""),
        ("empty", empty, ""),
    )
    assert code == "UNKNOWN"
    assert details.startswith("2 model(s) did not become available")
    assert "broken: version 5 failed: " in details
    assert "holds no saved_model.pb" in details
    assert "numerical version path for servable empty" in details
    assert _status(stub) == {1: ("AVAILABLE", "")}


def test_reload_refuses_what_is_no_model_list(stub):
    request = model_management_pb2.ReloadConfigRequest()
    code, details = _outcome(stub.HandleReloadConfigRequest, request)
    assert code == "INVALID_ARGUMENT"
    assert "only model_config_list" in details
    code, details = _outcome(_reload, stub, ("numbers", "relative", ""))
    assert code == "INVALID_ARGUMENT"
    assert "absolute path" in details
    assert _status(stub) == {1: ("AVAILABLE", "")}
