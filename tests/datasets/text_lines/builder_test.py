"""A user's own text files, and all that can be wrong with them."""

import itertools

import pytest

from tfstory import examples
from tfstory.datasets import report, splits
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError

_SCRIPTS = ["Ein Fuß.", "雨が降る。", "كتاب جديد", "Ӄылвыӈ 😀"]


@pytest.fixture
def folder(tmp_path):
    def write(**files):
        folder = tmp_path / "mine"
        for name, content in files.items():
            path = folder / f"{name}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(
                content if isinstance(content, bytes) else content.encode()
            )
        return folder

    return write


def _prepared(path):
    return prepare("text_lines", path.parent / "data", path)


def _texts(builder):
    return {
        split: [
            raw[examples.TEXT].decode()
            for raw in builder.examples(split, None).as_numpy_iterator()
        ]
        for split in builder.info.splits
    }


def test_lines_of_all_files_in_any_script(folder):
    path = folder(
        one="\ufeff" + "\n".join(_SCRIPTS[:2]),
        **{"deep/two": "\r\n".join(_SCRIPTS[2:]) + "\r\n"},
    )
    (path / "notes.md").write_text("no text of ours")
    found = _texts(_prepared(path))
    assert sorted(itertools.chain(*found.values())) == sorted(_SCRIPTS)


def test_equal_lines_never_lie_in_two_splits(folder):
    lines = [f"sentence {i}" for i in range(30)]
    again = [line.replace(" ", " \t") for line in lines]
    # A policy reads these alike, too: upper case, and wide letters.
    again += [line.upper() for line in lines]
    again += [line.replace("s", "\uff53") for line in lines]
    found = _texts(_prepared(folder(a="\n".join(lines), b="\n".join(again))))
    split_of = splits.by_hash(lines)
    for split, texts in found.items():
        for text in texts:
            known = text.lower().replace("\uff53", "s")
            assert split_of[known] == split
    assert sum(map(len, found.values())) == 120


def test_splits_without_a_line_are_told(folder):
    builder = _prepared(folder(a="the only line"))
    (split,) = builder.info.splits
    empty = [name for name in splits.SPLITS if name != split]
    lines = report.lines(report.read(builder.data_dir))
    assert lines == [
        f"text_lines {split}: 1 line",
        f"text_lines: nothing for {' and '.join(empty)}, which training or "
        "evaluation will ask for; add lines",
    ]


def test_the_same_file_gives_the_same_examples(folder):
    path = folder(a="\n".join(map(str, range(20))))
    one, again = (
        _texts(prepare("text_lines", path.parent / name, path)) for name in "xy"
    )
    assert one == again


def test_one_file_alone(folder):
    path = folder(a="one\ntwo\nthree\n") / "a.txt"
    found = _texts(prepare("text_lines", path.parents[1] / "data", path))
    assert {split: len(texts) for split, texts in found.items()} == {
        "train": 1, "validation": 1, "test": 1,
    }  # fmt: skip


def test_bad_lines_are_left_out_and_named(folder):
    path = folder(a=b"one\n \t\ntwo\nf\xfcr\nthree\n\n")
    builder = _prepared(path)
    assert sum(map(len, _texts(builder).values())) == 3
    found = report.read(builder.data_dir)
    assert {e["line_id"]: e["reason"] for e in found["left_out"]} == {
        "a.txt line 2": "it is blank",
        "a.txt line 4": "its text is not UTF-8 (byte 1)",
        "a.txt line 6": "it is blank",
    }
    assert "text_lines: left out 3 lines" in report.lines(found)


def test_nothing_but_blank_lines(folder):
    with pytest.raises(UserError, match="no line is left .*it is blank"):
        _prepared(folder(a="\n\n"))


def test_a_folder_without_texts(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.md").write_text("no text")
    with pytest.raises(UserError, match="no text files found; expected text"):
        _prepared(tmp_path / "mine")
