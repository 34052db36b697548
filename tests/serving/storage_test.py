"""Version folders: found by number, and complete only once left alone."""

import os
import shutil

import pytest

from serving.server import storage


def test_only_folders_named_by_numbers_are_versions(tmp_path):
    for name in ("1", "0042", "-3", "temp", "7.tmp", "8 ", str(2**63)):
        (tmp_path / name).mkdir(exist_ok=True)
    (tmp_path / "9").write_text("a file")
    found = storage.find_versions(tmp_path)
    assert {n: path.name for n, path in found.items()} == {
        1: "1",
        42: "0042",
        -3: "-3",
    }


def test_a_missing_base_path_is_an_error_and_not_an_empty_one(tmp_path):
    with pytest.raises(OSError):
        storage.find_versions(tmp_path / "away")


def test_every_change_shows_in_the_fingerprint(tmp_path):
    def look():
        return storage.fingerprint(tmp_path)[0]

    seen = [look()]
    (tmp_path / "variables").mkdir()
    seen.append(look())
    (tmp_path / "variables" / "data").write_bytes(b"12")
    seen.append(look())
    (tmp_path / "variables" / "data").write_bytes(b"123")
    seen.append(look())
    (tmp_path / "variables" / "data").unlink()
    seen.append(look())
    assert len(set(seen)) == len(seen)
    assert look() == seen[-1]


def test_a_copy_that_keeps_old_times_still_counts_as_new(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "data").write_bytes(b"12")
    os.utime(source / "data", (1, 1))
    shutil.copytree(source, tmp_path / "copy")
    assert (tmp_path / "copy" / "data").stat().st_mtime == 1
    _, age = storage.fingerprint(tmp_path / "copy")
    assert age < 3600  # Seconds since now, and not since 1970.


def test_settled_only_after_an_unchanged_while(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(storage.time, "monotonic", lambda: clock[0])
    watch = storage.SettleWatch(settle_seconds=2.0)
    a, b = (("a", 1, 1),), (("b", 1, 1),)
    assert not watch.settled(a, age=0.1)
    clock[0] += 1.9
    assert not watch.settled(a, age=-50.0)  # Another machine's clock.
    clock[0] += 0.2
    assert watch.settled(a, age=-50.0)
    assert not watch.settled(b, age=0.0)
    assert watch.settled(b, age=3.0)
