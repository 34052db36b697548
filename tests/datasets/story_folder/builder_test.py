"""Tests of a user's own stories, and of all that can be wrong with them."""

import json
import shutil

import pytest

from tfstory.datasets import report
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
        "missing": "frame 2: picture: the file missing_1.png is missing",
    }


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
    "change, reason",
    [
        (lambda line: "{broken", "it is not JSON"),
        (lambda line: "[1, 2]", "it is not a JSON object"),
        (lambda line: "[" * 100_000, "it is not JSON"),
        (lambda line: line.pop("story_id") and line, "story_id is missing"),
        (lambda line: {**line, "story_id": 7}, "story_id is missing"),
        (lambda line: {**line, "frames": []}, "frames is missing, empty"),
        (lambda line: {**line, "frames": "x"}, "frames is missing, empty"),
        (_set("image", None), "line 2, frame 1: image is missing"),
        (_set("sentence", 3), "line 2, frame 1: sentence is missing"),
        (_set("image", "../good_0.png"), "outside of the stories' folder"),
        (_set("image", "/etc/x.png"), "outside of the stories' folder"),
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
