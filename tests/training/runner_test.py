"""Tests whole runs of a toy system."""

import json
import shutil

import numpy as np
import pytest
import tensorflow as tf
from PIL import Image

from tests.training import toy
from tfstory.errors import UserError
from tfstory.systems.stage import Stage
from tfstory.training import checkpoints, runner
from tfstory.training.finite import TrainingError

DATA = {"prepared_as": "toy", "splits": {"train": 9, "validation": 6}}
ONE_DEVICE = tf.distribute.get_strategy()


def run(
    workdir,
    config=None,
    strategy=ONE_DEVICE,
    train=None,
    stages=(0, 1),
    data=None,
):
    """Trains anew made weights; returns the system and the history."""
    config = config or toy.config()
    with strategy.scope():
        system = toy.Toy(config, stages=stages)
    rows = runner.train(
        system,
        strategy,
        train or toy.examples(9),
        toy.examples(6, 100),
        workdir,
        data,
    )
    return system, rows


def weights(system):
    return [
        variable.numpy()
        for network in system.networks.values()
        for variable in network.weights
    ]


def validation_error(system):
    batch = system.prepare(next(iter(toy.examples(6, 100).batch(6))))
    return float(np.mean(system.evaluate(batch)["error"]))


def same(one, other, tolerance=0.0):
    for a, b in zip(weights(one), weights(other), strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance)


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    """A run on one device: its work directory, system and history."""
    workdir = tmp_path_factory.mktemp("unbroken")
    return workdir, *run(workdir, data=DATA)


@pytest.fixture
def copied(unbroken, tmp_path):
    """A copy of its work directory."""
    return shutil.copytree(unbroken[0], tmp_path / "copy")


def test_history_has_a_row_an_epoch(unbroken):
    workdir, system, rows = unbroken
    assert json.loads((workdir / "history.json").read_text()) == rows
    assert [(r["stage"], r["epoch"], r["steps"]) for r in rows] == [
        ("first", 1, 3),
        ("first", 2, 6),
        ("second", 1, 3),
        ("second", 2, 6),
    ]
    for row in rows:
        assert set(row["train"]) == {"loss", "error", "error_of_zero"}
        assert set(row["validation"]) == set(row["train"])
        assert row["seconds"] > 0
        assert row["examples_per_second"] > 0
    # The toy learns, and the baseline stays where it is.
    assert rows[3]["train"]["error"] < 0.5 * rows[0]["train"]["error"]
    _, zero = np.unique(
        [r["validation"]["error_of_zero"] for r in rows], return_counts=True
    )
    assert zero.tolist() == [4]


def test_the_validation_loss_is_the_mean_over_all_examples(unbroken):
    # In batches of 4 and 2; the toy's loss is its error.
    for row in unbroken[2]:
        found = row["validation"]
        assert found["loss"] == pytest.approx(found["error"], rel=1e-6)


def test_keeps_the_last_epoch_or_the_best(unbroken):
    _, system, rows = unbroken
    # The toy's second stage asks for its highest error: its first epoch's.
    assert [row["kept"] for row in rows] == [False, True, True, False]
    kept, last = (row["validation"]["error"] for row in rows[2:])
    assert validation_error(system) == pytest.approx(kept, rel=1e-5)
    assert abs(kept - last) > 1e-3


def test_adapts_once_to_the_whole_training_data(unbroken):
    _, system, _ = unbroken
    assert system.adapted == 1
    y = [float(example["y"].numpy()) for example in toy.examples(9)]
    assert float(system.offset.value) == pytest.approx(np.mean(y), rel=1e-5)


def test_leaves_curves_samples_and_scalars(unbroken):
    workdir, _, _ = unbroken
    samples = {path.name for path in (workdir / "samples").iterdir()}
    assert samples == {
        "first_epoch_001.png",
        "first_epoch_002.png",
        "second_epoch_001.png",
        "second_epoch_002.png",
        "final.png",
    }
    assert Image.open(workdir / "samples" / "final.png").size == (2, 2)
    for stage in ("first", "second"):
        assert min(Image.open(workdir / "plots" / f"{stage}.png").size) > 200
    events = {}
    for path in (workdir / "logs" / "second").glob("*/*"):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                key = f"{path.parent.name}/{value.tag}"
                events.setdefault(key, []).append(event.step)
    assert events["train/loss"] == [3, 6]
    assert events["validation/error"] == [3, 6]
    assert events["validation/samples"] == [3, 6]


def test_a_finished_run_returns_at_once(unbroken, copied, monkeypatch):
    monkeypatch.setattr(Stage, "fit", None)
    system, rows = run(copied)
    assert rows == unbroken[2]
    assert system.adapted == 0
    same(system, unbroken[1])


def test_two_replicas_equal_one_device(unbroken, two_replicas, tmp_path):
    # As in use: for short tests `two_replicas` turns it off.
    tf.config.optimizer.set_experimental_options(
        {"disable_meta_optimizer": False}
    )
    # The last of 9 examples is a batch of its own: a replica gets none.
    system, rows = run(tmp_path, strategy=two_replicas)
    same(system, unbroken[1], 1e-5)
    for row, alone in zip(rows, unbroken[2], strict=True):
        for part in ("train", "validation"):
            assert row[part] == pytest.approx(alone[part], rel=1e-4)


def test_a_damaged_checkpoint_is_passed_by(unbroken, copied, caplog):
    folder = copied / "checkpoints"
    newest = sorted(folder.glob("ckpt-*.data*"))[-1]
    newest.write_bytes(newest.read_bytes()[:40])
    system, rows = run(copied)
    assert f"{newest.name.partition('.')[0]} cannot be read" in caplog.text
    same(system, unbroken[1])
    assert [row["kept"] for row in rows] == [False, True, True, False]


def test_damaged_checkpoints_alone_are_an_error_in_words(copied):
    for path in (copied / "checkpoints").glob("ckpt-*.data*"):
        path.write_bytes(b"")
    with pytest.raises(UserError, match="no checkpoint in .* gone on from"):
        run(copied)
    with pytest.raises(UserError, match="there is no checkpoint"):
        checkpoints.restore(toy.Toy(toy.config()), copied)


def test_restore_takes_the_last_weights(unbroken):
    workdir, system, _ = unbroken
    other = toy.Toy(toy.config())
    assert checkpoints.restore(other, workdir) == (2, 0, 0)
    same(other, system)


def test_restore_of_another_model_is_an_error_in_words(unbroken):
    class Wider(toy.Toy):
        @property
        def networks(self):
            return {**super().networks, "more": toy.Offset()}

    with pytest.raises(UserError, match="other weights"):
        checkpoints.restore(Wider(toy.config()), unbroken[0])


def test_another_config_is_an_error_in_words(copied):
    config = toy.config()
    config.seed = 8
    with pytest.raises(UserError, match="seed was 7 and is 8"):
        run(copied, config)


def test_other_data_are_an_error_in_words(unbroken, copied):
    other = {**DATA, "splits": {"train": 8, "validation": 6}}
    with pytest.raises(UserError, match="splits.train was 9 and is 8"):
        run(copied, data=other)
    # The refusal leaves the run as it was.
    assert run(copied, data=DATA)[1] == unbroken[2]


def test_more_epochs_go_on_where_the_stage_ended(unbroken, copied):
    config = toy.config()
    config.stages.second.epochs = 3
    _, rows = run(copied, config)
    assert rows[:2] == unbroken[2][:2]
    assert [row["epoch"] for row in rows] == [1, 2, 1, 2, 3]
    assert rows[3]["train"] == unbroken[2][3]["train"]
    assert [row["kept"] for row in rows[2:]] == [True, False, False]


def test_more_epochs_go_on_where_one_checkpoint_is_kept(tmp_path):
    config = toy.config(keep_checkpoints=1)
    _, before = run(tmp_path, config, stages=(0,))
    config.stages.first.epochs = 3
    _, rows = run(tmp_path, config, stages=(0,))
    assert [row["epoch"] for row in rows] == [1, 2, 3]
    assert rows[1]["train"] == before[1]["train"]


def test_more_epochs_of_a_stage_left_behind_are_an_error(copied):
    config = toy.config()
    config.stages.first.epochs = 3
    with pytest.raises(UserError, match="no checkpoint in"):
        run(copied, config)
    # The refusal leaves the run as it was.
    _, rows = run(copied)
    assert len(rows) == 4


def test_stops_at_a_loss_that_is_not_finite(tmp_path):
    def spoil(example):
        bad = example["id"] == 5
        return {**example, "y": tf.where(bad, "nan", example["y"])}

    with pytest.raises(TrainingError, match=r"stage first, step \d: .*loss"):
        run(tmp_path, train=toy.examples(9).map(spoil), stages=(0,))
    system = toy.Toy(toy.config())
    checkpoints.restore(system, tmp_path)
    assert all(np.isfinite(w).all() for w in weights(system)[:-1])


def test_a_metric_that_is_never_a_number_keeps_the_last_epoch(
    tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr(runner.History, "best_epoch", lambda *_: None)
    _, rows = run(tmp_path, stages=(1,))
    assert [row["kept"] for row in rows] == [False] * (len(rows) - 1) + [True]
    assert "stage second ends with its last epoch: error, by" in caplog.text


def test_xla_is_not_blamed_for_a_full_disk(tmp_path, monkeypatch):
    def fail(self, *args, **kwargs):
        raise tf.errors.ResourceExhaustedError(None, None, "no room")

    monkeypatch.setattr(toy.First, "fit", fail)
    with pytest.raises(tf.errors.ResourceExhaustedError):
        run(tmp_path, toy.config(xla=True), stages=(0,))


def test_xla_that_cannot_compile_gives_way(tmp_path, monkeypatch, caplog):
    plain = toy.First.train_step

    def with_text(self, batch):
        # XLA has no strings.
        text = tf.strings.as_string(batch["y"])
        logs = plain(self, {**batch, "y": tf.strings.to_number(text)})
        return logs

    monkeypatch.setattr(toy.First, "train_step", with_text)
    _, rows = run(tmp_path, toy.config(xla=True), stages=(0,))
    assert "stage first goes on from its last checkpoint without XLA" in (
        caplog.text
    )
    assert [row["epoch"] for row in rows] == [1, 2]


def test_epochs_of_steps_go_on_where_the_last_one_ended(tmp_path):
    config = toy.long_epochs()
    config.stages.first.epochs = 3  # 12 steps: four passes over 9 examples.
    _, rows = run(tmp_path / "long", config, stages=(0,))
    assert [row["steps"] for row in rows] == [4, 8, 12]
    passes = toy.config()
    passes.stages.first.update(epochs=4, batch_size=3)
    system, _ = run(tmp_path / "passes", passes, stages=(0,))
    long, _ = run(tmp_path / "long", config, stages=(0,))
    same(long, system)


@pytest.fixture
def steps_a_call(monkeypatch):
    """How many steps the stages took at once, a call of `fit` after another."""
    taken = []
    fit = toy.First.fit

    def watched(self, *args, **kwargs):
        taken.append(self.steps_per_execution)
        return fit(self, *args, **kwargs)

    monkeypatch.setattr(toy.First, "fit", watched)
    return taken


def test_several_steps_a_call_change_nothing(tmp_path, steps_a_call):
    several = toy.long_epochs()
    single = toy.long_epochs()
    for stage in single.stages.values():
        stage.steps_per_execution = 1
    one, one_rows = run(tmp_path / "one", single)
    two, two_rows = run(tmp_path / "two", several)
    assert steps_a_call == [1, 1, 2, 2]
    same(one, two, 1e-6)
    for row, other in zip(one_rows, two_rows, strict=True):
        assert row["train"] == pytest.approx(other["train"], rel=1e-5)
        assert row["validation"] == pytest.approx(other["validation"], rel=1e-5)


def test_two_replicas_take_several_steps_a_call(
    two_replicas, tmp_path, steps_a_call
):
    config = toy.long_epochs()
    one, _ = run(tmp_path / "one", config)
    two, _ = run(tmp_path / "two", config, strategy=two_replicas)
    assert steps_a_call == [2, 2, 2, 2]
    same(two, one, 1e-5)
