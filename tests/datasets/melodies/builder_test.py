"""Melodies of CSV files, and all that can be wrong with them."""

import itertools

import numpy as np
import pytest

from tfstory import examples
from tfstory.datasets import report
from tfstory.datasets.melodies.builder import Melodies
from tfstory.datasets.prepare import prepare
from tfstory.datasets.report import Report
from tfstory.datasets.source_files import SourceFiles
from tfstory.errors import UserError


@pytest.fixture
def prepared(tmp_path):
    def make(text, data="data", **arguments):
        folder = tmp_path / "music"
        folder.mkdir(exist_ok=True)
        content = text if isinstance(text, bytes) else text.encode()
        (folder / "mine.csv").write_bytes(content)
        arguments = {"length": 4, **arguments}
        return prepare("melodies", tmp_path / data, folder, arguments)

    return make


def _found(builder):
    return {
        split: [
            tuple(raw[examples.TOKENS].tolist())
            for raw in builder.examples(split, None).as_numpy_iterator()
        ]
        for split in builder.info.splits
    }


def _left_out(builder):
    return {
        entry["melody_id"]: entry["reason"]
        for entry in report.read(builder.data_dir)["left_out"]
    }


def _melodies(count):
    return [(2 + i, 1, 0, 2) for i in range(count)]


def _csv(melodies):
    return "".join(",".join(map(str, m)) + "\n" for m in melodies)


def test_melodies_are_what_the_file_says(prepared):
    builder = prepared("9,1,1,13\r\n 26, 1, 0,1\n\n1,1,0,0")
    found = list(itertools.chain(*_found(builder).values()))
    assert sorted(found) == [(1, 1, 0, 0), (9, 1, 1, 13), (26, 1, 0, 1)]
    spec = builder.examples("train", None).element_spec
    assert set(spec) == set(examples.token_sequences(4).spec)
    tokens = spec[examples.TOKENS]
    assert tokens.shape == [4] and tokens.dtype == np.int64
    assert _left_out(builder) == {}


def test_equal_melodies_never_lie_in_two_splits(prepared):
    melodies = _melodies(30)
    # What is cut off makes them no others.
    found = _found(prepared(_csv(melodies + [(*m, 5) for m in melodies])))
    assert sum(map(len, found.values())) == 60 and len(found) == 3
    for one, other in itertools.combinations(found.values(), 2):
        assert not set(one) & set(other)


def test_the_same_file_gives_the_same_examples(prepared):
    one, again = (prepared(_csv(_melodies(12)), data=name) for name in "xy")
    assert _found(one) == _found(again)


def test_long_melodies_are_cut_and_short_ones_left_out(prepared):
    builder = prepared("2,3,4,5,6\n7,1,1,1\n8,1,1\n")
    found = list(itertools.chain(*_found(builder).values()))
    assert sorted(found) == [(2, 3, 4, 5), (7, 1, 1, 1)]
    assert _left_out(builder) == {"mine.csv line 3": "it has 3 tokens, not 4"}
    notes = report.read(builder.data_dir)["notes"]
    assert notes == {"longer than 4 tokens, cut": 1}


def test_no_pitch_is_above_those_of_midi(prepared):
    with pytest.raises(UserError, match="vocabulary_size must be at most 82"):
        prepared("2,3,4,5\n", vocabulary_size=83)


def test_values_that_are_no_tokens_are_named(prepared):
    builder = prepared(
        "2,1,1,1\n2,x,1,1\n2,1,38,1\n-1,1,1,1\n2,1,,1\n2.0,1,1,1"
    )
    assert _left_out(builder) == {
        "mine.csv line 2": "its token 2 is 'x', not a whole number",
        "mine.csv line 3": "its token 3 is 38, not from 0 to 37",
        "mine.csv line 4": "its token 1 is -1, not from 0 to 37",
        "mine.csv line 5": "its token 3 is '', not a whole number",
        "mine.csv line 6": "its token 1 is '2.0', not a whole number",
    }


def test_a_larger_vocabulary_takes_more(prepared):
    builder = prepared("2,1,38,1\n", vocabulary_size=39)
    assert _left_out(builder) == {}


def test_nothing_left(prepared):
    with pytest.raises(UserError, match="no melody is left .*not 4"):
        prepared("2,1\n")


def test_a_file_that_is_no_text(prepared):
    with pytest.raises(UserError, match="mine.csv: its text is not UTF-8"):
        prepared(b"\xff\xfe2\x00")


def test_a_folder_without_melodies(tmp_path):
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "song.mid").write_bytes(b"MThd")
    with pytest.raises(UserError, match="no CSV files found; expected CSV"):
        prepare("melodies", tmp_path / "data", tmp_path / "music")


def test_published_melodies_are_all_good(shared_data, tmp_path):
    builder = Melodies(data_dir=tmp_path)
    source = SourceFiles(Melodies.WANTED)
    source.add_directory(shared_data / "organ_music")
    unused = Report("melodies", {}, Melodies.UNIT)
    candidates = list(builder.candidates(source))
    tokens = np.stack(
        [builder.example(c, unused)[examples.TOKENS] for c in candidates]
    )
    assert tokens.shape == (5_000, 36)
    assert tokens.min() == 0 and tokens.max() == 36
    assert len({c.hashed for c in candidates}) == 4_796
    assert unused.as_dict()["notes"] == {}
