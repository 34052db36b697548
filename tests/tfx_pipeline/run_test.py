"""The commands' flags, errors and exit codes."""

import argparse
import pathlib
import signal

import pytest

from tests.tfx_pipeline import toy_system
from tfstory.errors import UserError
from tfx_pipeline import (
    add_span,
    arguments,
    examples,
    kubeflow,
    main_job,
    run,
)

ROOT = pathlib.Path(__file__).parents[2]


@pytest.fixture
def config_file(tmp_path):
    path = tmp_path / "config.py"
    path.write_text(
        "from tests.tfx_pipeline import toy_system\n"
        "def get_config():\n    return toy_system.config()\n"
    )
    return str(path)


def test_overrides_reach_the_config(config_file, tmp_path):
    args, config = arguments.parse(
        arguments.parser("What it does.", pipeline_root=str(tmp_path)),
        [f"--config={config_file}", "--config.seed=8"],
    )
    assert config.seed == 8
    assert args.data_dir == str(tmp_path / "data")


def test_an_unknown_flag_is_refused(config_file, tmp_path, capsys):
    with pytest.raises(SystemExit):
        run.main(
            [
                f"--config={config_file}",
                f"--pipeline_root={tmp_path}",
                "--sped=3",
            ]
        )
    assert "--sped=3" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--config.seed=x"], "config.seed must be int"),
        (["--runner=kubeflow"], "needs --image"),
    ],
)
def test_a_users_error_is_one_line(config_file, tmp_path, capsys, flags, words):
    code = run.main(
        [f"--config={config_file}", f"--pipeline_root={tmp_path}", *flags]
    )
    error = capsys.readouterr().err
    assert code == run.FAILED
    assert words in error
    assert len(error.splitlines()) == 1


def test_errors_of_the_machine_are_one_line(capsys):
    def fail():
        raise OSError("no room")

    assert run.guarded("tfx_pipeline.run", fail) == run.FAILED
    assert capsys.readouterr().err == "tfx_pipeline.run: no room\n"


def test_an_interrupted_command_says_that_it_goes_on(capsys):
    def interrupt():
        raise KeyboardInterrupt

    assert run.guarded("name", interrupt) == 130
    assert capsys.readouterr().err == (
        "\nname: interrupted; the same command goes on from the last "
        "checkpoint\n"
    )


def test_a_terminated_command_that_trains_nothing_says_so(capsys):
    def terminate():
        signal.raise_signal(signal.SIGTERM)

    assert run.guarded("name", terminate, trains=False) == 143
    assert capsys.readouterr().err == "\nname: terminated\n"


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--span_pattern=span-{SPAN}"], "needs --examples_dir"),
        (["--manual_dir=m", "--examples_dir=e"], "--manual_dir is not read"),
        (["--image=i"], "--image needs --runner=kubeflow"),
    ],
)
def test_flags_that_would_do_nothing_are_refused(
    config_file, tmp_path, capsys, flags, words
):
    with pytest.raises(SystemExit) as raised:
        run.main(
            [f"--config={config_file}", f"--pipeline_root={tmp_path}", *flags]
        )
    assert raised.value.code == 2
    assert words in capsys.readouterr().err


def test_exit_codes_differ():
    assert len({run.BLESSED, run.FAILED, run.REFUSED}) == 3


def test_kubeflow_needs_places_that_the_cluster_reaches():
    args = argparse.Namespace(image="i", examples_dir="e", serving_dir="")
    with pytest.raises(UserError, match="needs --serving_dir"):
        kubeflow.compile_pipeline(args, toy_system.config())


def test_adding_a_span_says_how_to_run_on_it(
    config_file, tmp_path, monkeypatch, capsys, toy_registered
):
    def fake(config, data_dir, manual_dir, examples_dir, span, say):
        say("toy train: 3 examples")
        return f"{examples_dir}/span-{span}"

    monkeypatch.setattr(examples, "add_span", fake)
    flags = {
        "config": config_file,
        "data_dir": tmp_path / "data",
        "manual_dir": tmp_path / "new",
        "examples_dir": tmp_path / "all",
        "span": 7,
    }
    words = [f"--{name}={value}" for name, value in flags.items()]
    assert add_span.main(words) == 0
    said = capsys.readouterr().out
    assert f"Added {tmp_path}/all/span-7." in said
    assert "--span_pattern='span-{SPAN}'" in said


@pytest.mark.parametrize(
    ("command", "place"),
    [
        (run, "pipeline_root"),
        (main_job, "pipeline_root"),
        (add_span, "examples_dir"),
    ],
)
def test_a_bad_config_is_refused_before_data_are_prepared(
    tmp_path, monkeypatch, capsys, command, place
):
    def prepare(*_):
        pytest.fail("data were prepared")

    monkeypatch.setattr(examples.prepare, "prepare", prepare)
    words = [
        f"--config={ROOT}/configs/story_reasoning/shapes.py",
        "--config.data.image_size=65",
        f"--data_dir={tmp_path / 'data'}",
        f"--{place}={tmp_path / 'place'}",
    ]
    if command is add_span:
        words.append("--span=1")
    assert command.main(words) == run.FAILED
    assert "config.data.image_size must be" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


@pytest.mark.parametrize("number", ["x", "-1", "1.5"])
def test_a_span_has_a_number(config_file, tmp_path, capsys, number):
    with pytest.raises(SystemExit):
        add_span.main(
            [
                f"--config={config_file}",
                f"--data_dir={tmp_path}",
                f"--examples_dir={tmp_path}",
                f"--span={number}",
            ]
        )
    assert f"whole number of 0 or more, not '{number}'" in (
        capsys.readouterr().err
    )


def test_a_span_s_data_lie_somewhere(config_file, tmp_path, capsys):
    with pytest.raises(SystemExit):
        add_span.main(
            [
                f"--config={config_file}",
                "--data_dir=",
                f"--examples_dir={tmp_path}",
                "--span=1",
            ]
        )
    assert "--data_dir names no directory" in capsys.readouterr().err
