"""Tests of reading the vectors of all frames."""

import io
import os

import numpy as np
import pytest

from tfstory.datasets.clevr_sv import attributes_file
from tfstory.errors import UserError


def _npy(value):
    data = io.BytesIO()
    np.save(data, np.array(value, dtype=object), allow_pickle=True)
    return data.getvalue()


def test_json():
    found = attributes_file.load("a/attributes.json", b'{"x.png": [1, 2.5]}')
    assert found == {"x.png": [1.0, 2.5]}


@pytest.mark.parametrize("vector", [[1, 2.5], np.array([1, 2.5])])
def test_pickled_dictionary(vector):
    found = attributes_file.load("CLEVR_dict.npy", _npy({"x.png": vector}))
    assert found == {"x.png": [1.0, 2.5]}


class _Harmful:
    def __reduce__(self):
        return os.mkdir, ("harm",)


def test_a_pickle_runs_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match="mkdir is not data"):
        attributes_file.load("CLEVR_dict.npy", _npy({"x.png": _Harmful()}))
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize(
    "name, data",
    [
        ("a.json", b"{"),
        ("a.json", b"[1]"),
        ("a.json", b'{"x": 3}'),
        ("a.json", b'{"x": ["red"]}'),
        ("a.npy", b"nothing"),
        ("a.npy", b""),
    ],
)
def test_malformed(name, data):
    with pytest.raises(UserError, match="does not hold a vector"):
        attributes_file.load(name, data)
