"""SIGTERM stops a command as Ctrl-C does, and says so."""

import signal
import threading

import pytest

from tfstory import interruptions
from tfstory.commands import evaluate, train


@pytest.mark.parametrize(
    ("module", "said"),
    [
        (
            train,
            "terminated; the same command goes on from the last checkpoint",
        ),
        (evaluate, "terminated"),
    ],
)
def test_a_terminated_command_cleans_up_and_says_so(
    tfstory, monkeypatch, module, said
):
    name = module.__name__.rpartition(".")[2]
    cleaned = []

    def work(args):
        try:
            signal.raise_signal(signal.SIGTERM)
        finally:
            cleaned.append(args.workdir)

    monkeypatch.setattr(module, "run", work)
    words = ["--config=c.py"] if module is train else []
    code, _, err = tfstory(name, "--workdir=w", *words)
    assert code == 143
    assert err == f"\ntfstory {name}: {said}\n"
    assert cleaned == ["w"]


def test_an_interrupted_command_has_a_code_of_its_own(tfstory, monkeypatch):
    def work(args):
        raise KeyboardInterrupt

    monkeypatch.setattr(evaluate, "run", work)
    code, _, err = tfstory("evaluate", "--workdir=w")
    assert (code, err) == (130, "\ntfstory evaluate: interrupted\n")


def test_what_was_done_on_sigterm_is_done_again_afterwards():
    before = signal.getsignal(signal.SIGTERM)
    with interruptions.sigterm_raises():
        assert signal.getsignal(signal.SIGTERM) is not before
    assert signal.getsignal(signal.SIGTERM) is before


def test_other_threads_leave_signals_alone():
    entered = []

    def work():
        with interruptions.sigterm_raises():
            entered.append(signal.getsignal(signal.SIGTERM))

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert entered == [before]
