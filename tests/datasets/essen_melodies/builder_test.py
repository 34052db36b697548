"""Tunes of a collection like music21's as a dataset."""

import importlib.util
import types

import pytest

from tests.music import tunes
from tfstory import examples
from tfstory.datasets import report
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError


@pytest.fixture
def collection(tmp_path, monkeypatch):
    """Puts tunes where those of music21 are looked for."""
    folder = tmp_path / "music21" / "corpus" / "essenFolksong"
    folder.mkdir(parents=True)
    origin = str(tmp_path / "music21" / "__init__.py")
    find = importlib.util.find_spec

    def find_spec(name, *others):
        if name == "music21":
            return types.SimpleNamespace(origin=origin)
        return find(name, *others)

    def write(**files):
        pytest.importorskip("music21", reason="needs the extra `music`")
        monkeypatch.setattr(importlib.util, "find_spec", find_spec)
        for name, text in files.items():
            (folder / f"{name}.abc").write_text(text, "utf-8")

    return write


def test_tunes_are_cut_and_what_fits_no_token_is_named(collection, tmp_path):
    short = "X:9\nM:2/4\nL:1/8\nK:C\nC2 |\n"
    high = short.replace("C2 |", "c'8 d'8 |")
    collection(
        a="\n".join([tunes.SCALE, tunes.TRIPLET, tunes.LOW, short]),
        b="\n".join([tunes.SCALE, tunes.TOGETHER, high]),
    )
    builder = prepare(
        "essen_melodies", tmp_path / "data", builder_args={"length": 20}
    )
    found = [
        (split, raw[examples.TOKENS].tolist())
        for split in builder.info.splits
        for raw in builder.examples(split, None).as_numpy_iterator()
    ]
    scale = [21, 1, 1, 1, 23, 1, 20, 1, 0, 0, 0, 0, 26, 1, 1, 1, 26, 1, 1, 1]
    # The same tune twice, in one split.
    split = found[0][0]
    assert [f for f in found if f[1] == scale] == [(split, scale)] * 2
    told = report.read(builder.data_dir)
    reasons = {e["melody_id"]: e["reason"] for e in told["left_out"]}
    assert "1/3 quarter notes" in reasons.pop("a.abc tune 2")
    assert "MIDI pitch 36 is below 48" in reasons.pop("a.abc tune 3")
    assert reasons.pop("a.abc tune 4") == "it has 4 tokens, not 20"
    assert "sound together" in reasons.pop("b.abc tune 2")
    assert "not from 0 to 37" in reasons.pop("b.abc tune 3")
    assert reasons == {}
    assert told["notes"] == {"longer than 20 tokens, cut": 2}


def test_where_music21_is_not_installed(tmp_path, monkeypatch):
    find = importlib.util.find_spec
    monkeypatch.setattr(
        importlib.util,
        "find_spec",
        lambda name, *others: (
            None if name == "music21" else find(name, *others)
        ),
    )
    with pytest.raises(UserError, match="install music21"):
        prepare("essen_melodies", tmp_path / "data")


def test_it_takes_no_files(tmp_path):
    with pytest.raises(UserError, match="takes no files"):
        prepare("essen_melodies", tmp_path / "data", tmp_path)
