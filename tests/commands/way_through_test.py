"""A user's way through the commands, on a few stories and a tiny model."""

import json

import pytest

from tests.commands import small
from tests.systems.story_reasoning import tiny
from tfstory.commands import main


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """Where a run was trained and its data lie, as options."""
    directory = tmp_path_factory.mktemp("way")
    options = [f"--workdir={directory}/run", f"--data_dir={directory}/data"]
    assert main.main(["train", *small.CONFIG, *options]) == 0
    return directory, options


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Paths of four pictures."""
    directory = tmp_path_factory.mktemp("pictures")
    paths = []
    for index, content in enumerate(tiny.raw_batch(1)["images"][0][:4]):
        path = directory / f"{index}.png"
        path.write_bytes(content.numpy())
        paths.append(str(path))
    return paths


def test_train_ends_both_stages_and_does_not_begin_anew(places, tfstory):
    directory, options = places
    rows = json.loads((directory / "run" / "history.json").read_text())
    assert [row["stage"] for row in rows] == ["autoencoder", "sequence"]
    code, out, _ = tfstory("train", *small.CONFIG, *options)
    assert code == 0
    assert "all epochs are trained already" in out
    assert "epoch 1/1" not in out


def test_train_refuses_more_epochs_of_a_stage_left_behind(places, tfstory):
    epochs = "--config.stages.autoencoder.epochs=2"
    code, _, err = tfstory("train", *small.CONFIG, epochs, *places[1])
    assert code == 1
    assert "set back stages.autoencoder.epochs to 1 to go on, or train" in err
    assert len(err.splitlines()) == 1


def test_other_data_are_refused_by_train_and_named_by_evaluate(places, tfstory):
    directory, options = places
    report = next((directory / "data").rglob("report.json"))
    before = report.read_text()
    other = json.loads(before)
    other["splits"]["train"]["stories"] += 1
    report.write_text(json.dumps(other))
    try:
        code, _, err = tfstory("train", *small.CONFIG, *options)
        measured, _, warning = tfstory("evaluate", *options)
    finally:
        report.write_text(before)
    assert measured == 0
    assert "these are not the data that" in warning
    assert "splits.train.stories was 6 and is 7" in warning
    assert code == 1
    assert "other data: splits.train.stories was 6 and is 7; bring" in err
    assert len(err.splitlines()) == 1


def test_evaluate_prints_and_writes_the_metrics(places, tfstory):
    directory, options = places
    code, out, err = tfstory("evaluate", *options, "--split=test")
    assert code == 0, err
    assert "not the data" not in err
    assert "token_accuracy" in out and "most_frequent" in out
    written = json.loads((directory / "run" / "metrics.json").read_text())
    assert written["split"] == "test"
    first, columns, *_ = out.splitlines()
    assert first == f"test: {written['examples']} examples"
    assert columns.split() == ["metric", "model", "beside", "it"]
    assert written["metrics"]["l1"] > 0


def test_generate_goes_on_with_ones_own_story(
    places, pictures, tfstory, tmp_path
):
    code, out, err = tfstory(
        "generate",
        places[1][0],
        "--frames",
        *pictures,
        "--sentences",
        *["The red circle rolls."] * 4,
        "--count=2",
        f"--out={tmp_path}/story.png",
    )
    assert code == 0, err
    assert out.count("log-probability") == 2
    assert (tmp_path / "story.png").read_bytes()[1:4] == b"PNG"


def test_generate_says_how_many_pictures_it_needs(places, pictures, tfstory):
    code, _, err = tfstory(
        "generate",
        places[1][0],
        "--frames",
        *pictures[:2],
        "--sentences",
        "a",
        "b",
    )
    assert code == 1
    assert "give 4 or more pictures" in err


def test_export_writes_a_version_and_says_how_to_serve_it(
    places, tfstory, tmp_path
):
    code, out, err = tfstory("export", *places[1], f"--output={tmp_path}/m")
    assert code == 0, err
    assert (tmp_path / "m" / "1" / "saved_model.pb").exists()
    assert f"--model_base_path={tmp_path}/m " in out
