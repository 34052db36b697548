"""An epoch says how far it is where no bar shows it."""

import types

import pytest

from tfstory.training import progress


@pytest.fixture
def clock(monkeypatch):
    moment = types.SimpleNamespace(now=100.0)
    monkeypatch.setattr(progress.time, "monotonic", lambda: moment.now)
    return moment


def _callback(steps_at_once=1, **arguments):
    made = progress.Progress(
        **{"name": "toy", "epochs": 3, "steps": 10, "first_step": 0} | arguments
    )
    made.set_model(types.SimpleNamespace(steps_per_execution=steps_at_once))
    return made


def _train(callback, clock, calls, seconds, loss=0.5):
    for _ in range(calls):
        clock.now += seconds
        callback.on_train_batch_end(0, {"loss": loss})


def test_a_line_a_minute_with_the_time_left(clock, capsys):
    callback = _callback()
    callback.on_epoch_begin(1)
    _train(callback, clock, 10, 25.0)
    assert capsys.readouterr().out.splitlines() == [
        "toy epoch 2/3: step 3/10, loss 0.5, about 3 min to the epoch's end",
        "toy epoch 2/3: step 6/10, loss 0.5, about 2 min to the epoch's end",
        "toy epoch 2/3: step 9/10, loss 0.5, about 25 s to the epoch's end",
    ]


def test_the_first_call_which_traces_is_not_judged_by(clock, capsys):
    callback = _callback()
    callback.on_epoch_begin(0)
    _train(callback, clock, 1, 70.0)
    _train(callback, clock, 6, 10.0)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "toy epoch 1/3: step 1/10, loss 0.5"
    assert second.endswith("step 7/10, loss 0.5, about 30 s to the epoch's end")


def test_a_resumed_epoch_counts_from_where_it_goes_on(clock, capsys):
    callback = _callback(steps_at_once=2, first_step=4)
    callback.on_epoch_begin(0)
    _train(callback, clock, 1, 61.0)
    assert "step 6/10" in capsys.readouterr().out
    callback.on_epoch_end(0)
    callback.on_epoch_begin(1)
    _train(callback, clock, 1, 61.0)
    assert "toy epoch 2/3: step 2/10" in capsys.readouterr().out


def test_a_quick_epoch_says_nothing(clock, capsys):
    callback = _callback()
    callback.on_epoch_begin(0)
    _train(callback, clock, 10, 5.0)
    assert capsys.readouterr().out == ""


def test_a_terminal_has_a_bar_instead(clock, capsys, monkeypatch):
    monkeypatch.setattr(progress.sys.stdout, "isatty", lambda: True)
    callback = _callback()
    callback.on_epoch_begin(0)
    _train(callback, clock, 10, 100.0)
    assert capsys.readouterr().out == ""
