"""Tests of `tfstory benchmark`: figures that belong together."""

import json

import pytest

from tests.commands import small
from tfstory.commands import benchmark, main


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory):
    return tmp_path_factory.mktemp("data")


@pytest.fixture
def measured(data_dir, capsys):
    def run(*words):
        options = [f"--data_dir={data_dir}", "--steps=3", "--warm_up=1"]
        short = ["--config.data.frames=2", "--config.data.max_tokens=4"]
        code = main.main(["benchmark", *small.CONFIG, *short, *options, *words])
        out, err = capsys.readouterr()
        assert code == 0, err
        return out

    return run


def test_figures_belong_together_and_are_those_that_the_help_names(measured):
    result = json.loads(measured("--json"))
    assert [row["stage"] for row in result["stages"]] == [
        "autoencoder",
        "sequence",
    ]
    help_words = benchmark._JSON.replace(",", " ").replace(":", " ").split()
    assert set(result) | set(result["stages"][0]) <= set(help_words)
    for row in result["stages"]:
        training = row["examples_per_second"]
        for what in ("first_pass", "input"):
            rate = row[f"{what}_examples_per_second"]
            assert rate > 0
            assert row[f"{what}_over_training"] == pytest.approx(
                rate / training, rel=0.01, abs=0.01
            )
        # The small set has fewer examples than a batch, but more than one.
        assert 1 < training * row["step_ms"] / 1000 <= row["batch_size"] + 0.1
    assert result["peak_memory_mib"] > 100


class _Stage:
    """Takes 3 s a call, and its `fit` as many as are given before each."""

    def __init__(self, steps_per_execution, waits, clock):
        self.steps_per_execution = steps_per_execution
        self._waits = waits
        self._clock = clock

    def fit(self, batches, steps_per_epoch, callbacks, **_):
        assert steps_per_epoch == len(self._waits) * self.steps_per_execution
        (callback,) = callbacks
        callback.on_train_begin()
        for call, wait in enumerate(self._waits):
            self._clock.now += wait
            callback.on_train_batch_begin(call)
            self._clock.now += 3.0
            callback.on_train_batch_end(call)


@pytest.mark.parametrize(
    ("at_once", "warm_up", "waits", "seconds"),
    [
        (1, 1, [90, 1, 2, 7], 5.0),
        (2, 2, [90, 1, 2, 7], 2.5),
        (2, 0, [1, 2, 7], 2.5),
    ],
)
def test_a_step_takes_its_share_from_end_to_end_of_a_call(
    at_once, warm_up, waits, seconds, monkeypatch
):
    clock = benchmark.argparse.Namespace(now=50.0)
    monkeypatch.setattr(benchmark.time, "perf_counter", lambda: clock.now)
    args = benchmark.argparse.Namespace(warm_up=warm_up, steps=3 * at_once)
    stage = _Stage(at_once, waits, clock)
    assert benchmark._seconds_a_step(stage, None, args) == seconds


@pytest.mark.parametrize(
    ("warm_up", "steps", "at_once"), [(5, 10, 5), (0, 50, 25), (2, 3, 1)]
)
def test_steps_go_in_calls_as_the_stage_plans_them(
    warm_up, steps, at_once, monkeypatch, data_dir, tfstory
):
    from tfstory.systems.stage import Stage

    fitted = []

    def fit(stage, batches, steps_per_epoch, callbacks, **options):
        fitted.append((stage.steps_per_execution, steps_per_epoch))
        keras_fit(
            stage,
            batches,
            steps_per_epoch=steps_per_epoch,
            callbacks=callbacks,
            **options,
        )

    keras_fit = Stage.fit
    monkeypatch.setattr(Stage, "fit", fit)
    code, out, err = tfstory(
        "benchmark",
        f"--config={small.ROOT}/configs/gaussian_gan/seed.py",
        "--config.training.strategy=one_device",
        "--config.data.builder.train_examples=400",
        "--config.data.builder.validation_examples=200",
        "--config.data.builder.test_examples=100",
        f"--data_dir={data_dir}",
        f"--warm_up={warm_up}",
        f"--steps={steps}",
        "--json",
    )
    assert code == 0, err
    assert fitted == [(at_once, warm_up + steps)]
    (row,) = json.loads(out)["stages"]
    assert row["steps_per_execution"] == at_once


def test_counts_the_examples_of_batches_that_are_not_full(monkeypatch):
    import tensorflow as tf

    clock = iter([10.0, 12.0])
    monkeypatch.setattr(benchmark.time, "perf_counter", lambda: next(clock))
    batches = iter([{"x": tf.zeros([size, 3])} for size in (9, 4, 4, 2)])
    args = benchmark.argparse.Namespace(warm_up=1, steps=3)
    strategy = tf.distribute.get_strategy()
    assert benchmark._rate(batches, strategy, args) == 5.0
