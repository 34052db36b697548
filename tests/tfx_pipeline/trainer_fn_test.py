"""Where training works, so that a run that was killed goes on."""

from types import SimpleNamespace

from tfx_pipeline import trainer_fn


def _custom(**changes):
    return {"config": "{}", "code": "1", "work_dir": "/work", **changes}


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
    assert first.startswith("/work/")
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
                    "work_dir": "/work",
                }
            ),
        )
    }
    assert len(directories) == 4


def test_without_a_work_dir_the_output_is_used():
    custom = _custom(work_dir="")
    assert trainer_fn._workdir(_args(custom_config=custom)) == "/run/8"


def test_finished_training_is_moved_whole(tmp_path):
    source, target = tmp_path / "work", tmp_path / "run"
    (source / "plots").mkdir(parents=True)
    (source / "plots" / "a.png").write_bytes(b"curve")
    (source / "history.json").write_text("[]")
    target.mkdir()
    trainer_fn._move(str(source), str(target))
    assert (target / "plots" / "a.png").read_bytes() == b"curve"
    assert (target / "history.json").read_text() == "[]"
    assert not source.exists()
