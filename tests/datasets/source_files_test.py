"""Tests of files read unpacked and in archives alike."""

import os
import re
import zipfile

import pytest

from tfstory.datasets import source_files
from tfstory.datasets.candidates import BadExample
from tfstory.datasets.source_files import SourceFiles
from tfstory.errors import UserError

_TEXTS = re.compile(r"\.txt$")
_IN_SET = re.compile(r"(?P<root>(?:.*/)?)set/(?P<name>\w+)\.txt")


def _zip(path, **members):
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(name.replace("__", "/") + ".txt", text)


def _of(directory):
    source = SourceFiles(_TEXTS)
    source.add_directory(directory)
    return source


def test_directory_and_archive_hold_the_same(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.txt").write_text("A")
    (tmp_path / "set" / "b.dat").write_text("no")
    _zip(tmp_path / "x.zip", deep__set__a="A", other="O")
    source = _of(tmp_path)
    assert source.names() == [
        "set/a.txt", "x.zip/deep/set/a.txt", "x.zip/other.txt",
    ]  # fmt: skip
    assert source.read("set/a.txt") == b"A"
    assert source.read("x.zip/deep/set/a.txt") == b"A"
    assert source.is_packed("x.zip/other.txt")
    assert not source.is_packed("set/a.txt")


def test_the_shortest_root_counts(tmp_path):
    (tmp_path / "set").mkdir()
    (tmp_path / "set" / "a.txt").write_text("A")
    _zip(tmp_path / "x.zip", set__a="A", set__b="B")
    assert [m[0] for m in _of(tmp_path).matches(_IN_SET)] == ["set/a.txt"]
    (tmp_path / "set" / "a.txt").unlink()
    assert [m["name"] for m in _of(tmp_path).matches(_IN_SET)] == ["a", "b"]


def test_linked_directories_are_followed_once(tmp_path):
    (tmp_path / "real" / "set").mkdir(parents=True)
    (tmp_path / "real" / "set" / "a.txt").write_text("A")
    (tmp_path / "real" / "set" / "loop").symlink_to(tmp_path / "real")
    (tmp_path / "top").mkdir()
    (tmp_path / "top" / "link").symlink_to(tmp_path / "real")
    assert _of(tmp_path / "top").names() == ["link/set/a.txt"]


def test_missing_file(tmp_path):
    with pytest.raises(BadExample, match="b.txt is missing"):
        _of(tmp_path).read("a/b.txt")


def test_file_that_is_too_large(tmp_path, monkeypatch):
    monkeypatch.setattr(source_files, "MAX_FILE_BYTES", 3)
    (tmp_path / "a.txt").write_text("four")
    _zip(tmp_path / "x.zip", b="four")
    for name in ("a.txt", "x.zip/b.txt"):
        with pytest.raises(BadExample, match="too large"):
            _of(tmp_path).read(name)


def test_broken_archive(tmp_path):
    (tmp_path / "x.zip").write_bytes(b"PK\x03\x04 cut short")
    with pytest.raises(UserError, match="x.zip is not a whole zip archive"):
        _of(tmp_path)


def test_damaged_member(tmp_path):
    _zip(tmp_path / "x.zip", a="A" * 50)
    data = (tmp_path / "x.zip").read_bytes()
    (tmp_path / "x.zip").write_bytes(data.replace(b"AAAA", b"ABAA", 1))
    with pytest.raises(BadExample, match="cannot be read"):
        _of(tmp_path).read("x.zip/a.txt")


def test_links_to_nowhere_and_pipes(tmp_path):
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    source = _of(tmp_path)
    for name in ("loop.txt", "gone.txt", "pipe.txt"):
        with pytest.raises(BadExample, match=f"{name} cannot be read"):
            source.read(name)
    before = source.fingerprint()
    (tmp_path / "nowhere.txt").write_text("now there is one")
    assert source.fingerprint() != before
    assert source.read("gone.txt") == b"now there is one"


def test_fingerprint_changes_with_the_files(tmp_path):
    (tmp_path / "a.txt").write_text("A")
    first = _of(tmp_path).fingerprint()
    assert _of(tmp_path).fingerprint() == first
    (tmp_path / "unread.dat").write_text("x")
    assert _of(tmp_path).fingerprint() == first
    os.utime(tmp_path / "a.txt", ns=(1, 1))
    second = _of(tmp_path).fingerprint()
    assert second != first
    _zip(tmp_path / "x.zip", b="B")
    third = _of(tmp_path).fingerprint()
    _zip(tmp_path / "x.zip", b="C")
    assert len({first, second, third, _of(tmp_path).fingerprint()}) == 4
