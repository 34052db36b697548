"""models.config is read as TF Serving reads it."""

import pathlib

import grpc
import pytest

from serving.server import config
from serving.server.status import StatusError

ENTRY = """
model_config_list {{
  config {{
    name: 'one'
    base_path: '/models/one'
    model_platform: 'tensorflow'
    {extra}
  }}
}}
"""


def _read(tmp_path, text):
    path = tmp_path / "models.config"
    path.write_text(text)
    return config.read(path)


def test_defaults(tmp_path):
    (model,) = _read(tmp_path, ENTRY.format(extra=""))
    assert model.name == "one"
    assert model.base_path == pathlib.Path("/models/one")
    assert model.policy.choose({1, 2, 10}) == {10}
    assert model.labels == {}


@pytest.mark.parametrize(
    ("policy", "chosen"),
    [
        ("latest {}", {10}),
        ("latest { num_versions: 2 }", {2, 10}),
        ("latest { num_versions: 9 }", {1, 2, 10}),
        ("all {}", {1, 2, 10}),
        ("specific { versions: 2 versions: 3 }", {2}),
        ("specific { versions: 7 }", set()),
    ],
)
def test_policies(tmp_path, policy, chosen):
    extra = f"model_version_policy {{ {policy} }}"
    (model,) = _read(tmp_path, ENTRY.format(extra=extra))
    assert model.policy.choose({1, 2, 10}) == chosen


def test_labels_and_several_models(tmp_path):
    extra = (
        "version_labels { key: 'stable' value: 41 }"
        "version_labels { key: 'canary' value: 42 }"
    )
    text = ENTRY.format(extra=extra).rstrip().removesuffix("}")
    text += "config { name: 'two' base_path: '/two' model_type: TENSORFLOW } }"
    one, two = _read(tmp_path, text)
    assert one.labels == {"stable": 41, "canary": 42}
    assert two.name == "two"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "only model_config_list"),
        ("custom_model_config {}", "only model_config_list"),
        ("model_config_list { confg {} }", "models.config: 1:21"),
        ("model_config_list { config {} }", "has no name"),
        (
            "model_config_list { config { name: 'a' base_path: '/a' } }",
            "a requests unsupported platform ''",
        ),
        (
            ENTRY.format(extra="").replace("'tensorflow'", "'caffe'"),
            "unsupported platform 'caffe'",
        ),
        (
            ENTRY.format(extra="").replace("'/models/one'", "'models/one'"),
            "absolute path; got base_path\\(\\)=models/one",
        ),
        (
            "model_config_list {"
            + 2
            * "config { name: 'a' base_path: '/' model_platform: "
            "'tensorflow' }" + "}",
            "list model a multiple times",
        ),
    ],
)
def test_unusable_configs_say_what_is_wrong(tmp_path, text, message):
    with pytest.raises(StatusError, match=message) as raised:
        _read(tmp_path, text)
    assert raised.value.code is grpc.StatusCode.INVALID_ARGUMENT


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(StatusError, match="Cannot read .*nothing.config"):
        config.read(tmp_path / "nothing.config")
