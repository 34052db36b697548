"""The Penn Treebank's files as a dataset."""

import shutil

import pytest

from tfstory import examples
from tfstory.datasets import report
from tfstory.datasets.prepare import prepare
from tfstory.datasets.ptb.builder import Ptb
from tfstory.datasets.source_files import SourceFiles
from tfstory.errors import UserError

_FILES = {
    "ptb.train.txt": " the <unk> rose N N \n the fund fell \n the fund fell \n",
    "ptb.valid.txt": " the fund fell \n",
    "ptb.test.txt": " mr. <unk> said so \n no end of line",
}


@pytest.fixture
def folder(tmp_path):
    def write(**changed):
        folder = tmp_path / "ptb"
        folder.mkdir()
        for name, text in {**_FILES, **changed}.items():
            if text is not None:
                (folder / name).write_text(text)
        return folder

    return write


def _texts(builder, split):
    loaded = builder.examples(split, None)
    return [raw[examples.TEXT].decode() for raw in loaded.as_numpy_iterator()]


def test_files_are_splits_and_sentences_keep_their_order(folder):
    path = folder()
    builder = prepare("ptb", path.parent / "data", path)
    assert _texts(builder, "train") == [
        "the <unk> rose N N",
        "the fund fell",
        "the fund fell",
    ]
    assert _texts(builder, "validation") == ["the fund fell"]
    assert _texts(builder, "test") == ["mr. <unk> said so", "no end of line"]


def test_raw_examples_are_texts(folder):
    path = folder()
    builder = prepare("ptb", path.parent / "data", path)
    spec = builder.examples("test", None).element_spec
    assert set(spec) == set(examples.TEXTS.spec)


def test_from_an_archive(folder, tmp_path):
    archive = shutil.make_archive(tmp_path / "ptb", "zip", folder())
    builder = prepare("ptb", tmp_path / "data", archive)
    assert len(_texts(builder, "train")) == 3


def test_blank_lines_are_left_out_and_named(folder):
    path = folder(**{"ptb.valid.txt": " a \n \n\n b \n"})
    builder = prepare("ptb", path.parent / "data", path)
    assert _texts(builder, "validation") == ["a", "b"]
    assert report.read(builder.data_dir)["left_out"] == [
        {"line_id": f"ptb.valid.txt line {n}", "reason": "it is blank"}
        for n in (2, 3)
    ]


def test_a_missing_file(folder):
    path = folder(**{"ptb.valid.txt": None})
    with pytest.raises(UserError, match=r"no ptb\.valid\.txt found; expected"):
        prepare("ptb", path.parent / "data", path)


def test_published_files_have_the_published_counts(shared_data, tmp_path):
    source = SourceFiles(Ptb.WANTED)
    source.add_directory(shared_data / "ptb")
    counts = {}
    for candidate in Ptb(data_dir=tmp_path).candidates(source):
        lines, tokens = counts.get(candidate.split, (0, 0))
        # With one end of sentence a line.
        more = len(candidate.read().split()) + 1
        counts[candidate.split] = lines + 1, tokens + more
    assert counts == {
        "train": (42_068, 929_589),
        "validation": (3_370, 73_760),
        "test": (3_761, 82_430),
    }
