"""The tfstory command: one line for each mistake, no traceback."""

import os
import subprocess
import sys

import pytest
import tensorflow as tf

from tests.commands.small import ROOT, SHAPES
from tfstory.commands import evaluate, main
from tfstory.metrics.ratio import Ratio


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


@pytest.mark.parametrize(
    "error",
    [
        OSError("no room"),
        tf.errors.ResourceExhaustedError(None, None, "{{node x}} no room"),
    ],
)
def test_errors_of_the_machine_end_in_one_line(tfstory, monkeypatch, error):
    def fail(args):
        raise error

    monkeypatch.setattr(evaluate, "run", fail)
    code, _, err = tfstory("evaluate", "--workdir=w")
    assert (code, err) == (1, "tfstory evaluate: no room\n")


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


def test_no_words_are_helped(tfstory, capsys):
    with pytest.raises(SystemExit) as raised:
        tfstory()
    assert raised.value.code == 0
    assert "a way through, on the built-in" in capsys.readouterr().out


def test_a_system_that_generates_nothing_says_so(tfstory, tmp_path):
    (tmp_path / "config.json").write_text('{"system": "story_matcher"}')
    code, _, err = tfstory("generate", f"--workdir={tmp_path}")
    assert code == 1
    assert err.startswith("tfstory generate: story_matcher generates nothing")


def test_a_system_without_text_scores_nothing(tfstory, tmp_path):
    (tmp_path / "config.json").write_text('{"system": "gaussian_gan"}')
    code, _, err = tfstory("score", f"--workdir={tmp_path}")
    assert code == 1
    assert "gaussian_gan gives no probabilities of text" in err


def test_unknown_arguments_are_refused(tfstory):
    with pytest.raises(SystemExit) as raised:
        tfstory("train", f"--config={SHAPES}", "--workdir=w", "--epochs=3")
    assert raised.value.code == 2


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (
            ["evaluate", "--workdir=w", "--batch_size=0"],
            "--batch_size: must be a whole number of 1 or more, not '0'",
        ),
        (
            ["benchmark", f"--config={SHAPES}", "--steps=few"],
            "--steps: must be a whole number of 1 or more, not 'few'",
        ),
        (
            ["benchmark", f"--config={SHAPES}", "--warm_up=-1"],
            "--warm_up: must be a whole number of 0 or more, not '-1'",
        ),
    ],
)
def test_numbers_that_cannot_be_are_refused(tfstory, capsys, words, message):
    with pytest.raises(SystemExit) as raised:
        tfstory(*words)
    assert raised.value.code == 2
    assert message in capsys.readouterr().err


def test_what_the_system_refuses_is_one_line(tfstory, tmp_path):
    (tmp_path / "file").write_text("")
    code, _, err = tfstory(
        "train", f"--config={SHAPES}", f"--workdir={tmp_path}/file"
    )
    assert code == 1
    assert err.startswith("tfstory train: ")
    assert f"{tmp_path}/file" in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", ["train", "benchmark"])
def test_help_tells_of_overrides(tfstory, capsys, command):
    with pytest.raises(SystemExit) as raised:
        tfstory(command, "--help")
    assert raised.value.code == 0
    assert "--config.KEY=VALUE" in capsys.readouterr().out


def test_help_does_not_wait_for_tensorflow():
    code = (
        "import sys\n"
        "from tfstory.commands import main\n"
        f"for command in {list(main._COMMANDS)}:\n"
        "    try:\n"
        "        main.main([command, '--help'])\n"
        "    except SystemExit as end:\n"
        "        assert end.code == 0, command\n"
        "sys.exit('tensorflow' in sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_the_help_s_way_through_names_what_is_there():
    for line in main._WAY_THROUGH.splitlines():
        for word in line.split():
            name, _, value = word.partition("=")
            if name == "--config":
                assert (ROOT / value).is_file()
            elif word == "tfstory":
                assert line.split()[1] in main._COMMANDS


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


def test_list_goes_on_after_a_config_that_is_no_python(tfstory, tmp_path):
    (tmp_path / "system").mkdir()
    (tmp_path / "system" / "a.py").write_text("def (")
    (tmp_path / "system" / "b.py").write_text('"""Says.\n\nMore."""')
    code, out, _ = tfstory("list", f"--configs={tmp_path}")
    assert code == 0
    broken, sound = out.splitlines()[-2:]
    assert "system/a.py: cannot be read: invalid syntax" in broken
    assert sound.endswith("system/b.py: Says.")


def test_list_says_where_there_are_no_configs(tfstory, tmp_path):
    code, out, _ = tfstory("list", f"--configs={tmp_path}/none")
    assert code == 0
    assert out.splitlines()[-1].startswith(f"  none in {tmp_path}/none; ")


def test_the_table_leaves_out_what_was_not_counted():
    ratios = {
        "l1": Ratio("a", "b"),
        "l1_copy_last": Ratio("c", "b", baseline_of="l1"),
    }
    lines = evaluate.table(ratios, {"l1": 0.5}).splitlines()
    assert [line.split() for line in lines[1:]] == [["l1", "0.5000"]]


def test_the_table_puts_baselines_beside_their_metric():
    ratios = {
        "l1": Ratio("a", "b"),
        "l1_copy_last": Ratio("c", "b", baseline_of="l1"),
        "ssim": Ratio("d", "e", higher_is_better=True),
    }
    found = {"l1": 0.25, "l1_copy_last": 0.5, "ssim": 0.75, "bleu": 0.1}
    lines = evaluate.table(ratios, found).splitlines()
    assert lines[0].split() == ["metric", "model", "beside", "it"]
    assert lines[1].split() == ["l1", "0.2500", "copy_last", "0.5000"]
    assert lines[2].split() == ["ssim", "0.7500"]
    assert lines[3].split() == ["bleu", "0.1000"]


def test_the_table_puts_what_a_corpus_metric_compares_beside_it():
    long = "frechet_random_convolutions"
    found = {long: 1.0, f"{long}_mean_picture": 9.0, "place": 0.5}
    lines = evaluate.table({}, found).splitlines()
    assert lines[1].split() == [long, "1.0000", "mean_picture", "9.0000"]
    assert lines[2].split() == ["place", "0.5000"]
    # However long a name, the columns stand below each other.
    ends = {lines[1].index("1.0"), lines[2].index("0.5")}
    assert len(ends) == 1


def test_the_table_has_a_row_for_each_of_a_family_of_metrics():
    """A run rewarded by `bleu` reports that beside `bleu_2` and its kin."""
    found = {"bleu": 0.4, "bleu_2": 0.98, "bleu_data": 0.5}
    lines = evaluate.table({}, found).splitlines()
    assert lines[1].split() == ["bleu", "0.4000", "data", "0.5000"]
    assert lines[2].split() == ["bleu_2", "0.9800"]


class _inside:
    """Changes the working directory for a while."""

    def __init__(self, directory):
        self._directory = directory

    def __enter__(self):
        self._before = os.getcwd()
        os.chdir(self._directory)

    def __exit__(self, *error):
        os.chdir(self._before)
