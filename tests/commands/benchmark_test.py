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


def test_counts_the_examples_of_batches_that_are_not_full(monkeypatch):
    import tensorflow as tf

    clock = iter([10.0, 12.0])
    monkeypatch.setattr(benchmark.time, "perf_counter", lambda: next(clock))
    batches = iter([{"x": tf.zeros([size, 3])} for size in (9, 4, 4, 2)])
    args = benchmark.argparse.Namespace(warm_up=1, steps=3)
    strategy = tf.distribute.get_strategy()
    assert benchmark._rate(batches, strategy, args) == 5.0
