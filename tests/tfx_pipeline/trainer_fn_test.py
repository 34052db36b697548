"""Where training works, so that a run that was killed goes on."""

import os
import shutil
import time
from types import SimpleNamespace

import pytest

from tfstory import locks
from tfstory.errors import UserError
from tfx_pipeline import trainer_fn


def _custom(**changes):
    return {"config": "{}", "code": "1", "work_dir": "/unfinished", **changes}


def _args(**changes):
    arguments = {
        "custom_config": _custom(),
        "train_files": ["/t/*"],
        "eval_files": ["/v/*"],
        "transform_graph_path": "/graph",
        "base_model": None,
        "model_run_dir": "/run/8",
        **changes,
    }
    return SimpleNamespace(**arguments)


def test_the_next_attempt_finds_what_the_last_one_left():
    first = trainer_fn._workdir(_args())
    assert first.startswith("/unfinished/")
    assert trainer_fn._workdir(_args(model_run_dir="/run/9")) == first


def test_other_inputs_begin_anew():
    directories = {
        trainer_fn._workdir(args)
        for args in (
            _args(),
            _args(base_model="/model/3"),
            _args(train_files=["/u/*"]),
            _args(
                custom_config={
                    "config": "{1}",
                    "code": "1",
                    "work_dir": "/unfinished",
                }
            ),
        )
    }
    assert len(directories) == 4


def test_without_a_work_dir_the_output_is_used():
    custom = _custom(work_dir="")
    assert trainer_fn._workdir(_args(custom_config=custom)) == "/run/8"


def test_two_runs_do_not_train_in_one_directory(tmp_path):
    args = _args(custom_config=_custom(work_dir=str(tmp_path)))
    with (
        locks.training(trainer_fn._workdir(args)),
        pytest.raises(UserError, match="another process trains in"),
    ):
        trainer_fn.run_fn(args)


@pytest.mark.parametrize("is_same_file_system", [True, False])
def test_finished_training_is_moved_whole(
    tmp_path, monkeypatch, is_same_file_system
):
    def fail(source, target):
        raise OSError("cross-device link")

    source, target = tmp_path / "work" / "1", tmp_path / "run"
    (source / "plots").mkdir(parents=True)
    (source / "plots" / "a.png").write_bytes(b"curve")
    (source / "history.json").write_text("[]")
    target.mkdir()
    if not is_same_file_system:
        monkeypatch.setattr(os, "rename", fail)
    trainer_fn._move(str(source), str(target))
    assert (target / "plots" / "a.png").read_bytes() == b"curve"
    assert (target / "history.json").read_text() == "[]"
    assert list((tmp_path / "work").iterdir()) == []


def test_a_move_is_a_rename_where_it_can_be(tmp_path):
    source, target = tmp_path / "work", tmp_path / "run"
    source.mkdir()
    target.mkdir()
    file = source / "history.json"
    file.write_text("[]")
    before = file.stat().st_ino
    trainer_fn._move(str(source), str(target))
    assert (target / "history.json").stat().st_ino == before


@pytest.mark.parametrize("is_all_gone", [False, True])
def test_what_vanishes_while_it_is_looked_at_is_gone(
    tmp_path, monkeypatch, is_all_gone
):
    walk = trainer_fn.tf.io.gfile.walk

    def walk_then_lose(directory):
        found = list(walk(directory))
        if is_all_gone:
            shutil.rmtree(directory)
        else:
            (tmp_path / "work" / "passing").unlink()
        return found

    directory = tmp_path / "work"
    directory.mkdir()
    (directory / "passing").write_text("")
    (directory / "stays").write_text("")
    for path in (directory / "stays", directory):
        os.utime(path, (1000, 1000))
    monkeypatch.setattr(trainer_fn.tf.io.gfile, "walk", walk_then_lose)
    change = trainer_fn._last_change(str(directory))
    # The file's going touches the directory.
    assert change == pytest.approx(time.time(), abs=60)


def test_two_runs_may_clear_the_same_training(tmp_path, monkeypatch):
    directory = tmp_path / "abandoned"
    directory.mkdir()
    os.utime(directory, (1000, 1000))
    remove = trainer_fn.tf.io.gfile.rmtree

    def remove_twice(path):
        remove(path)
        remove(path)

    monkeypatch.setattr(trainer_fn.tf.io.gfile, "rmtree", remove_twice)
    trainer_fn._clear_abandoned(str(tmp_path), keep="mine")
    assert not directory.exists()


def test_only_trainings_that_nobody_touched_for_long_are_cleared(tmp_path):
    long_ago = time.time() - trainer_fn._ABANDONED_SECONDS - 60

    def training(name, *touched):
        directory = tmp_path / name / "checkpoints"
        directory.mkdir(parents=True)
        file = directory / "step"
        file.write_text("")
        for path in {file, directory, directory.parent} - {
            directory.parent / part for part in touched
        }:
            os.utime(path, (long_ago, long_ago))
        return str(directory.parent)

    training("abandoned")
    training("goes_on", "checkpoints/step")
    training("has_begun", "checkpoints")
    mine = training("mine")
    trainer_fn._clear_abandoned(str(tmp_path), keep=mine)
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"goes_on", "has_begun", "mine"}
