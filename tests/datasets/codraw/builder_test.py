"""Tests of the CoDraw builder."""

import json
import zipfile

import pytest
from PIL import Image

from tfstory.datasets import report, splits
from tfstory.datasets.prepare import prepare
from tfstory.errors import UserError


def _dialogue(*xs):
    return {
        "dialog": [
            {"msg_t": f"to {x}", "abs_d": f"1,p_1s.png,0,1,1,{x},200,0,0,"}
            for x in xs
        ]
    }


@pytest.fixture
def manual_dir(tmp_path, picture):
    folder = tmp_path / "manual"
    (folder / "Pngs").mkdir(parents=True)
    (folder / "output").mkdir()
    (folder / "Pngs" / "background.png").write_bytes(
        picture("green", (500, 400))
    )
    (folder / "Pngs" / "p_1s.png").write_bytes(
        picture((255, 0, 0, 255), (100, 100), mode="RGBA")
    )
    return folder


def _write(manual_dir, **named):
    for name, dialogue in named.items():
        (manual_dir / "output" / f"{name}.json").write_text(
            json.dumps(dialogue)
        )


def _prepare(manual_dir, **arguments):
    return prepare("codraw", manual_dir.parent / "data", manual_dir, arguments)


def _ids(builder):
    return {
        split: sorted(
            example["story_id"].numpy().decode()
            for example in builder.as_dataset(split=split)
        )
        for split in builder.info.splits
    }


def test_published_splits(manual_dir):
    _write(
        manual_dir, train_00001=_dialogue(1), val_00002=_dialogue(2, 3),
        test_00003=_dialogue(4),
    )  # fmt: skip
    assert _ids(_prepare(manual_dir)) == {
        "train": ["train_00001"],
        "validation": ["val_00002"],
        "test": ["test_00003"],
    }


def test_part_of_train_is_test_where_none_is_published(manual_dir):
    names = [f"train_{i:05d}" for i in range(30)]
    _write(manual_dir, **{name: _dialogue(1) for name in names})
    held_out = [name for name in names if splits.share(name) < 0.1]
    assert 0 < len(held_out) < 10
    assert _ids(_prepare(manual_dir)) == {
        "train": sorted(set(names) - set(held_out)),
        "test": held_out,
    }


def test_pictures_and_width(manual_dir):
    _write(manual_dir, train_00001=_dialogue(100, 400))
    builder = _prepare(manual_dir, width=50)
    (example,) = builder.as_dataset(split="train")
    pixels = example["images"].numpy()
    assert pixels.shape == (2, 40, 50, 3)
    assert pixels[0, 20, 10].tolist() == [255, 0, 0]
    assert pixels[1, 20, 10].tolist() == [0, 128, 0]
    assert pixels[1, 20, 40].tolist() == [255, 0, 0]
    assert example["sentences"].numpy().tolist() == [b"to 100", b"to 400"]


def test_bad_dialogues_are_left_out(manual_dir):
    _write(
        manual_dir, train_00001=_dialogue(1), train_00002={"dialog": []},
        train_00003=_dialogue("left"), train_00006=_dialogue("nan"),
        train_00004={"dialog": [
            {"msg_t": "a", "abs_d": "1,no_1s.png,0,1,1,5,200,0,0,"}]},
    )  # fmt: skip
    (manual_dir / "output" / "train_00005.json").write_text("{")
    builder = _prepare(manual_dir)
    assert sum(_ids(builder).values(), []) == ["train_00001"]
    reasons = {
        entry["story_id"]: entry["reason"]
        for entry in report.read(builder.data_dir)["left_out"]
    }
    assert "no frame" in reasons["train_00002"]
    assert "malformed" in reasons["train_00003"]
    assert "no place nan" in reasons["train_00006"]
    assert "no_1s.png is missing" in reasons["train_00004"]
    assert "not JSON" in reasons["train_00005"]


def test_the_one_large_file_of_the_source(manual_dir):
    data = {"train_00001": _dialogue(1), "val_00002": _dialogue(2)}
    (manual_dir / "CoDraw_1_0.json").write_text(
        json.dumps({"count": 2, "data": data})
    )
    assert _ids(_prepare(manual_dir)) == {
        "train": ["train_00001"], "validation": ["val_00002"],
    }  # fmt: skip


def test_bad_dialogues_of_the_one_large_file(manual_dir):
    data = {"train_00001": _dialogue(1), "train_00002": [1], "val_00003": None}
    (manual_dir / "CoDraw_1_0.json").write_text(json.dumps({"data": data}))
    builder = _prepare(manual_dir)
    assert _ids(builder) == {"train": ["train_00001"]}
    left_out = report.read(builder.data_dir)["left_out"]
    assert left_out == [
        {"story_id": name, "reason": "it has no turns"}
        for name in ("train_00002", "val_00003")
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('{"data": {"train_0000', "it is not JSON.*; fetch it anew"),
        ("[1]", "it is not a JSON object; fetch"),
        ('{"data": ["train_00001"]}', "no dialogues by name under data"),
        ('{"data": 7}', "no dialogues by name under data"),
        ("{}", "no dialogues by name under data"),
        ('{"data": {}}', "no dialogues found; expected"),
    ],
)
def test_malformed_large_file(manual_dir, text, reason):
    (manual_dir / "CoDraw_1_0.json").write_text(text)
    with pytest.raises(UserError, match=reason) as error:
        _prepare(manual_dir)
    assert "\n" not in str(error.value)


def test_clip_art_cut_inside_its_data(manual_dir):
    noise = Image.effect_noise((100, 100), 80).convert("RGBA")
    noise.save(manual_dir / "Pngs" / "p_2s.png")
    data = (manual_dir / "Pngs" / "p_2s.png").read_bytes()
    (manual_dir / "Pngs" / "p_2s.png").write_bytes(data[: len(data) // 2])
    cut = _dialogue(7)
    cut["dialog"][0]["abs_d"] = "1,p_2s.png,0,1,1,7,200,0,0,"
    _write(manual_dir, train_00001=_dialogue(1), train_00002=cut)
    builder = _prepare(manual_dir)
    assert _ids(builder) == {"train": ["train_00001"]}
    (entry,) = report.read(builder.data_dir)["left_out"]
    assert entry["story_id"] == "train_00002"
    assert "clip art p_2s.png: it does not decode" in entry["reason"]


def test_real_dialogues(shared_data, tmp_path):
    manual_dir = tmp_path / "manual"
    with zipfile.ZipFile(shared_data / "codraw.zip") as archive:
        for name in archive.namelist():
            if "/Pngs/" in name or name.endswith(
                ("train_00003.json", "val_00008.json")
            ):
                archive.extract(name, manual_dir)
    builder = _prepare(manual_dir)
    (example,) = builder.as_dataset(split="validation")
    assert example["story_id"].numpy() == b"val_00008"
    assert example["sentences"].numpy()[0].startswith(b"hi on the left")
    pixels = example["images"].numpy()[0]
    assert pixels.shape == (102, 128, 3)
    # "there is a sun top and center", in the scene's yellow.
    sun = (pixels.astype(int) - [255, 255, 0]).__abs__().sum(-1) < 30
    rows, columns = sun.nonzero()
    assert rows.mean() < 40 and 30 < columns.mean() < 100
    assert len(report.read(builder.data_dir)["left_out"]) == 0
