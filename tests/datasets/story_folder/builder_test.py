"""Tests of a user's own stories, and of all that can be wrong with them."""

import json
import re
import shutil

import pytest

from tfstory.datasets import report, splits
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError

_GOOD = {"good": 3}


def _prepared(folder):
    """Prepares; returns what was left out, and the ids of what was kept."""
    data_dir = folder.parent / "data"
    builder = prepare("story_folder", data_dir, folder)
    ids = sorted(
        example["story_id"].numpy().decode()
        for split in builder.info.splits
        for example in builder.as_dataset(split=split)
    )
    return report.read(builder.data_dir)["left_out"], ids


def test_good_stories(story_folder, picture):
    folder = story_folder({"one": 2, "two": 4, "three": 3})
    left_out, ids = _prepared(folder)
    assert not left_out
    assert ids == ["one", "three", "two"]


def test_features(story_folder, picture):
    folder = story_folder({"one": 2, "two": 2, "three": 2})
    builder = prepare("story_folder", folder.parent / "data", folder)
    assert set(builder.info.splits) == {"train", "validation", "test"}
    example = next(iter(builder.as_dataset(split="train")))
    story_id = example["story_id"].numpy().decode()
    assert example["source"].numpy() == b"story_folder"
    assert example["sentences"].numpy().tolist() == [
        f"{story_id} {k}".encode() for k in range(2)
    ]
    assert example["decided"].numpy().tolist() == [b"", b""]
    assert example["images"].shape == (2, 6, 8, 3)
    assert example["images"].numpy()[1, 0, 0].tolist() == [40, 0, 0]


@pytest.mark.parametrize("zipped", [False, True])
def test_one_level_deeper(story_folder, tmp_path, zipped):
    story_folder(_GOOD, top="manual/stories")
    if zipped:
        shutil.make_archive(
            tmp_path / "manual" / "s", "zip", tmp_path / "manual", "stories"
        )
        shutil.rmtree(tmp_path / "manual" / "stories")
    assert _prepared(tmp_path / "manual") == ([], ["good"])


def test_several_files_are_all_read_and_named(story_folder, tmp_path):
    top = tmp_path / "manual"
    story_folder({"a": 2, "same": 2}, top="manual/one")
    story_folder({"b": 2, "same": 3}, top="manual/two")
    with open(top / "two" / "stories.jsonl", "a") as file:
        file.write("{broken")
    left_out, ids = _prepared(top)
    assert ids == ["a", "b", "same"]
    assert {e["story_id"]: e["reason"][:13] for e in left_out} == {
        "same": "another story",
        "two/stories.jsonl line 3": "it is not JSO",
    }
    text = "\n".join(report.lines(_report(top)))
    assert "one of several stories.jsonl: one/stories.jsonl" in text
    assert "one of several stories.jsonl: two/stories.jsonl" in text


def test_unpacked_stories_come_before_their_archive(story_folder, tmp_path):
    story_folder(_GOOD, top="manual/stories")
    shutil.make_archive(
        tmp_path / "manual" / "s", "zip", tmp_path / "manual", "stories"
    )
    (tmp_path / "manual/stories/pictures/good_0.png").unlink()
    with pytest.raises(UserError, match="good_0.png is missing"):
        _prepared(tmp_path / "manual")


def _report(folder):
    (path,) = (folder.parent / "data").glob("story_folder/*/*/report.json")
    return json.loads(path.read_text())


@pytest.mark.parametrize("count", [4, 7, 10, 20])
def test_few_stories_fill_all_splits_whatever_is_bad(story_folder, count):
    ids = [f"tale {i}" for i in range(count)]
    bad = set(sorted(ids, key=splits.share)[: count - 3])
    folder = story_folder(
        dict.fromkeys(ids, 1), dict.fromkeys(bad, _set("sentence", ""))
    )
    builder = prepare("story_folder", folder.parent / "data", folder)
    counts = {s: i.num_examples for s, i in builder.info.splits.items()}
    assert counts == {"train": 1, "validation": 1, "test": 1}
    assert _report(folder)["left_out_stories"] == len(bad)


def _spoil(folder, name, data):
    (folder / "pictures" / name).write_bytes(data)


def test_corrupt_cut_and_missing_pictures(story_folder, picture):
    folder = story_folder({**_GOOD, "corrupt": 2, "cut": 2, "missing": 2})
    _spoil(folder, "corrupt_1.png", b"not a picture")
    _spoil(folder, "cut_0.png", picture(size=(90, 90))[:-60])
    (folder / "pictures" / "missing_1.png").unlink()
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    reasons = {e["story_id"]: e["reason"] for e in left_out}
    assert reasons == {
        "corrupt": "frame 2: picture: it is not a picture, or a corrupt one",
        "cut": "frame 1: picture: it does not decode: corrupt or cut short",
        "missing": (
            "frame 2: picture: the file pictures/missing_1.png is missing"
        ),
    }


def test_empty_pictures_texts_folders_and_loops(story_folder, picture):
    folder = story_folder(
        {**_GOOD, "empty": 1, "text": 1, "folder": 1, "loop": 1}
    )
    _spoil(folder, "empty_0.png", b"")
    _spoil(folder, "text_0.png", b"Once upon a time")
    for name in ("folder_0.png", "loop_0.png"):
        (folder / "pictures" / name).unlink()
    (folder / "pictures" / "folder_0.png").mkdir()
    (folder / "pictures" / "loop_0.png").symlink_to("loop_0.png")
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    reasons = {e["story_id"]: e["reason"] for e in left_out}
    loop = reasons.pop("loop")
    assert "loop_0.png cannot be read" in loop and "\n" not in loop
    assert reasons == {
        "empty": "frame 1: picture: its file is empty",
        "text": "frame 1: picture: it is not a picture, or a corrupt one",
        "folder": "frame 1: picture: the file pictures/folder_0.png is missing",
    }
    # The same source, links to nowhere included, is not read again.
    assert _prepared(folder) == (left_out, ids)


def test_jpeg_cut_short(story_folder, picture):
    folder = story_folder({**_GOOD, "cut": 1})
    data = picture("red", size=(90, 90), kind="JPEG")
    _spoil(folder, "cut_0.png", data[:-200])
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    assert "corrupt" in left_out[0]["reason"]


def test_huge_picture(story_folder, picture):
    folder = story_folder({**_GOOD, "huge": 1})
    _spoil(folder, "huge_0.png", picture(1, size=(9_000, 9_000), mode="1"))
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    assert "9000 x 9000 pixels" in left_out[0]["reason"]


def _set(key, value, frame=0):
    def change(line):
        line["frames"][frame][key] = value

    return change


def test_empty_text(story_folder):
    folder = story_folder(
        {**_GOOD, "mute": 2}, {"mute": _set("sentence", " \n ", 1)}
    )
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    assert left_out == [
        {"story_id": "mute", "reason": "frame 2: its text is empty"}
    ]


def test_text_that_is_not_utf8(story_folder):
    folder = story_folder({**_GOOD, "odd": 2})
    file = folder / "stories.jsonl"
    file.write_bytes(file.read_bytes().replace(b"odd 1", b"od\xff 1"))
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    assert left_out[0]["story_id"] == "line 2"
    assert "not UTF-8" in left_out[0]["reason"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"^", b"\xef\xbb\xbf"),
        (b"\n", b"\r\n"),
        (b"\n", b"\n \t\r\n\n"),
        (rb"\n\Z", b""),
    ],
)
def test_marks_and_line_ends_of_other_systems(story_folder, old, new):
    folder = story_folder({"one": 2, "two": 1})
    file = folder / "stories.jsonl"
    file.write_bytes(re.sub(old, new, file.read_bytes()))
    assert _prepared(folder) == ([], ["one", "two"])


def test_file_of_another_encoding(story_folder):
    folder = story_folder(_GOOD)
    file = folder / "stories.jsonl"
    file.write_bytes(file.read_text().encode("utf-16"))
    with pytest.raises(UserError, match="no story is left.*not UTF-8"):
        _prepared(folder)


@pytest.mark.parametrize(
    "change, reason",
    [
        (lambda line: "{broken", "it is not JSON"),
        (lambda line: "[1, 2]", "it is not a JSON object"),
        (lambda line: "[" * 100_000, "it is not JSON"),
        (lambda line: line.pop("story_id") and line, "story_id is missing"),
        (lambda line: {**line, "story_id": 7}, "story_id is missing"),
        (lambda line: {**line, "frames": []}, "frames is missing, empty"),
        (lambda line: {**line, "frames": "x"}, "frames is missing, empty"),
        (lambda line: {**line, "frames": {"0": 1}}, "not a list"),
        (lambda line: {**line, "frames": [None]}, "frame 1: image is missing"),
        (_set("image", None), "line 2, frame 1: image is missing"),
        (_set("sentence", 3), "line 2, frame 1: sentence is missing"),
        (_set("image", "../good_0.png"), "outside of the stories' folder"),
        (_set("image", "/etc/x.png"), "outside of the stories' folder"),
        (_set("image", "a/../../x.png"), "outside of the stories' folder"),
        (_set("image", "..\\good_0.png"), "outside of the stories' folder"),
        (_set("image", "pictures/x.txt"), "ends in none of .png"),
        (_set("image", "\ud800.png"), "the file \ud800.png is missing"),
        (_set("sentence", "\ud800"), "characters that UTF-8 lacks"),
    ],
)
def test_bad_lines(story_folder, change, reason):
    folder = story_folder({**_GOOD, "bad": 2}, {"bad": change})
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    assert len(left_out) == 1
    assert left_out[0]["story_id"] in ("line 2", "bad")
    assert reason in left_out[0]["reason"]


def test_picture_and_sentence_counts_differ(story_folder):
    # A frame whose sentence is lacking: one picture more than sentences.
    folder = story_folder(
        {**_GOOD, "odd": 3},
        {"odd": lambda line: line["frames"][2].pop("sentence") and None},
    )
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    assert "frame 3: sentence is missing" in left_out[0]["reason"]


def test_duplicate_story_ids(story_folder):
    folder = story_folder(
        {**_GOOD, "twin": 2},
        {"twin": lambda line: {**line, "story_id": "good"}},
    )
    left_out, ids = _prepared(folder)
    assert ids == ["good"]
    assert left_out == [
        {"story_id": "good", "reason": "another story has the same name"}
    ]


def test_nothing_left(story_folder):
    folder = story_folder({"mute": 1}, {"mute": _set("sentence", "")})
    with pytest.raises(UserError, match="no story is left.*text is empty"):
        _prepared(folder)
    assert not list((folder.parent / "data").glob("**/*.tfrecord*"))


def test_empty_file(story_folder):
    with pytest.raises(UserError, match="no story is left"):
        _prepared(story_folder({}))


def test_wrong_layout(tmp_path):
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "stories.json").write_text(json.dumps({}))
    with pytest.raises(UserError, match="no stories.jsonl found; expected"):
        _prepared(tmp_path / "manual")
