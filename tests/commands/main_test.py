"""The tfstory command: one line for each mistake, no traceback."""

import os
import pathlib
import subprocess
import sys

import pytest

from tests.systems.story_reasoning import tiny
from tfstory.commands import evaluate, main
from tfstory.metrics.ratio import Ratio

ROOT = pathlib.Path(__file__).parents[2]
SHAPES = str(ROOT / "configs" / "story_reasoning" / "shapes.py")


@pytest.fixture
def tfstory(capsys):
    def run(*words):
        code = main.main(list(words))
        return code, *capsys.readouterr()

    return run


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["train", "--config=no.py", "--workdir=w"], "no config file no.py"),
        (
            ["train", f"--config={SHAPES}", "--workdir=w", "--config.x=1"],
            "the config has no 'x'",
        ),
        (["evaluate", "--workdir=nowhere"], "holds no training run"),
        (["generate", "--workdir=nowhere"], "holds no training run"),
        (["export", "--workdir=nowhere", "--output=o"], "no training run"),
        (["benchmark", "--config=no.py"], "no config file no.py"),
        (["prepare", "--dataset=x", "--data_dir=d"], "no dataset 'x'"),
    ],
)
def test_mistakes_end_in_one_line(tfstory, words, message, tmp_path):
    with _inside(tmp_path):
        code, _, err = tfstory(*words)
    assert code == 1
    assert message in err
    assert err.startswith(f"tfstory {words[0]}: ")
    assert len(err.splitlines()) == 1


def test_a_dataset_that_is_not_prepared_is_named(tfstory, tmp_path):
    config = str(ROOT / "configs" / "story_reasoning" / "codraw.py")
    code, _, err = tfstory(
        "train",
        f"--config={config}",
        f"--workdir={tmp_path}/w",
        f"--data_dir={tmp_path}/data",
    )
    assert code == 1
    assert "codraw is not prepared" in err
    assert "tfstory prepare --dataset=codraw" in err


def test_unknown_arguments_are_refused(tfstory):
    with pytest.raises(SystemExit) as raised:
        tfstory("train", f"--config={SHAPES}", "--workdir=w", "--epochs=3")
    assert raised.value.code == 2


def test_overrides_that_would_do_nothing_are_refused(tfstory):
    with pytest.raises(SystemExit) as raised:
        tfstory("evaluate", "--workdir=w", "--config.data.frames=4")
    assert raised.value.code == 2


def test_list_needs_no_tensorflow(tmp_path):
    script = (
        "import sys; from tfstory.commands import main; main.main(['list']); "
        "assert 'tensorflow' not in sys.modules"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "story_reasoning" in result.stdout
    assert "configs/story_reasoning/shapes.py: StoryReasoning" in result.stdout


def test_the_table_leaves_out_what_was_not_counted():
    ratios = {
        "l1": Ratio("a", "b"),
        "l1_copy_last": Ratio("c", "b", baseline_of="l1"),
    }
    assert evaluate.table(ratios, {"l1": 0.5}).split() == ["l1", "0.5000"]


def test_the_table_puts_baselines_beside_their_metric():
    ratios = {
        "l1": Ratio("a", "b"),
        "l1_copy_last": Ratio("c", "b", baseline_of="l1"),
        "ssim": Ratio("d", "e", higher_is_better=True),
    }
    lines = evaluate.table(
        ratios, {"l1": 0.25, "l1_copy_last": 0.5, "ssim": 0.75, "bleu": 0.1}
    ).splitlines()
    assert lines[0].split() == ["l1", "0.2500", "copy_last", "0.5000"]
    assert lines[1].split() == ["ssim", "0.7500"]
    assert lines[2].split() == ["bleu", "0.1000"]


def test_train_evaluate_generate_export(tfstory, tmp_path):
    """A user's way through, on a few stories and a tiny model."""
    frames = _write_pictures(tmp_path)
    small = [
        f"--config.{name}={value}"
        for name, value in {
            "data.image_size": 32,
            "data.builder.train_stories": 6,
            "data.builder.validation_stories": 2,
            "data.builder.test_stories": 2,
            "data.builder.image_size": 32,
            "model.encoder_widths": "(8, 8)",
            "model.latent_size": 12,
            "model.units": 8,
            "model.embedding_size": 8,
            "stages.sequence.epochs": 1,
        }.items()
    ]
    places = [f"--workdir={tmp_path}/run", f"--data_dir={tmp_path}/data"]
    code, out, err = tfstory("train", f"--config={SHAPES}", *places, *small)
    assert code == 0, err
    assert "sequence epoch 1/1" in out + err
    code, out, err = tfstory("evaluate", *places, "--split=test")
    assert code == 0, err
    assert "token_accuracy" in out and "most_frequent" in out
    assert (tmp_path / "run" / "metrics.json").exists()
    code, out, err = tfstory(
        "generate",
        places[0],
        "--frames",
        *frames,
        "--sentences",
        *["The red circle rolls."] * 4,
        "--count=2",
        f"--out={tmp_path}/story.png",
    )
    assert code == 0, err
    assert out.count("log-probability") == 2
    assert (tmp_path / "story.png").read_bytes()[1:4] == b"PNG"
    code, out, err = tfstory("export", *places, f"--output={tmp_path}/models")
    assert code == 0, err
    assert (tmp_path / "models" / "1" / "saved_model.pb").exists()
    code, _, err = tfstory(
        "generate", places[0], "--frames", *frames[:2], "--sentences", "a", "b"
    )
    assert code == 1
    assert "give 4 or more pictures" in err


def _write_pictures(directory):
    paths = []
    for index, content in enumerate(tiny.raw_batch(1)["images"][0][:4]):
        path = directory / f"{index}.png"
        path.write_bytes(content.numpy())
        paths.append(str(path))
    return paths


class _inside:
    """Changes the working directory for a while."""

    def __init__(self, directory):
        self._directory = directory

    def __enter__(self):
        self._before = os.getcwd()
        os.chdir(self._directory)

    def __exit__(self, *error):
        os.chdir(self._before)
