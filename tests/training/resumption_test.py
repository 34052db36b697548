"""Tests which configs a run may go on with."""

import json
import re

import ml_collections
import pytest

from tests.systems.policy import tiny
from tests.training import toy
from tfstory.errors import UserError
from tfstory.systems import registry
from tfstory.training import resumption
from tfstory.training.checkpoints import Checkpoints, Position

DATA = {"prepared_as": "stories/default", "splits": {"train": 9, "test": 2}}


@pytest.fixture
def workdir(tmp_path):
    resumption.write(tmp_path, toy.config(), DATA)
    return tmp_path


def test_the_same_config_and_none_go_on(workdir, tmp_path):
    assert resumption.raised_stages(workdir, toy.config()) == {}
    assert resumption.raised_stages(tmp_path / "none", toy.config()) == {}


def test_epochs_may_be_raised_and_not_lowered(workdir):
    config = toy.config()
    config.stages.second.epochs = 5
    assert resumption.raised_stages(workdir, config) == {"second": 2}
    config.stages.second.epochs = 1
    with pytest.raises(UserError, match="stages.second.epochs was 2 and is 1"):
        resumption.raised_stages(workdir, config)


def test_a_stage_that_was_left_out_cannot_be_put_in(tmp_path):
    config = toy.config()
    config.stages.first.epochs = 0
    resumption.write(tmp_path, config, DATA)
    config.stages.first.epochs = 2
    with pytest.raises(UserError, match="stages.first.epochs was 0 and is 2"):
        resumption.raised_stages(tmp_path, config)


def test_names_every_key_that_differs(workdir):
    config = toy.config()
    config.seed = 8
    config.stages.first.batch_size = 5
    del config.stages.second.learning_rate
    config.unlock()
    config.model = {"width": 3}
    with pytest.raises(UserError) as error:
        resumption.raised_stages(workdir, config)
    for text in (
        "seed was 7 and is 8",
        "stages.first.batch_size was 4 and is 5",
        "stages.second.learning_rate was 0.02 and is None",
        "model.width was None and is 3",
    ):
        assert text in str(error.value)
    config.stages.first.epochs = 0
    config.training.batch_size = 9
    with pytest.raises(UserError, match="; and 2 more values differ; set it"):
        resumption.raised_stages(workdir, config)


def test_a_run_of_another_system_is_named(workdir):
    config = toy.config()
    config.system = "gaussian_gan"
    with pytest.raises(
        UserError, match="holds a run of toy, and the config is of gaussian_gan"
    ):
        resumption.raised_stages(workdir, config)


def test_what_does_not_touch_the_weights_may_change(workdir):
    config = toy.config(checkpoint_every_steps=9, strategy="one_device")
    config.unlock()
    config.pipeline = {"gates": {"l1": 0.5}}
    config.evaluation = {"samples": 7}
    assert resumption.raised_stages(workdir, config) == {}


@pytest.mark.parametrize(
    ("key", "value"), [("temperature", 0.5), ("oracle", "other.npz")]
)
def test_what_tells_the_best_epoch_may_not_change(tmp_path, key, value):
    config = tiny.config("seq_gan")
    stage = config.stages.adversarial
    for metric, may_change in (("nll_oracle", False), ("perplexity", True)):
        stage.keep_best = metric
        workdir = tmp_path / metric
        resumption.write(workdir, config, None)
        other = config.copy_and_resolve_references()
        other.evaluation[key] = value
        if may_change:
            assert resumption.raised_stages(workdir, other) == {}
            continue
        message = f"evaluation.{key} was .* {value!r}"
        with pytest.raises(UserError, match=message):
            resumption.raised_stages(workdir, other)


def _stand_at(workdir, *position):
    checkpoints = Checkpoints(workdir / "checkpoints", keep=1)
    checkpoints.save(Position(*position), {}, None)


def _raise_epochs(workdir, **epochs):
    config = toy.config()
    for stage, number in epochs.items():
        config.stages[stage].epochs = number
    resumption.check_raised(workdir, config, ["first", "second"])


def test_epochs_may_be_raised_while_the_stage_is_not_left_behind(workdir):
    _raise_epochs(workdir, first=3)
    _stand_at(workdir, 0, 1, 2)
    _raise_epochs(workdir, first=3, second=3)
    _stand_at(workdir, 1, 2, 0)
    _stand_at(workdir, 2, 0, 0)
    _raise_epochs(workdir, second=3)


@pytest.mark.parametrize("stage", [1, 2])
def test_raising_what_others_rest_on_offers_two_choices(workdir, stage):
    _stand_at(workdir, stage, 0, 2)
    _stand_at(workdir, stage, 1, 0)
    with pytest.raises(UserError) as error:
        _raise_epochs(workdir, first=9, second=9 if stage == 2 else 2)
    words = str(error.value)
    assert f"the run in {workdir} is past" in words
    assert "stages.first.epochs to 2" in words
    assert ("stages.second.epochs to 2" in words) == (stage == 2)
    assert "train anew in another work directory" in words
    assert not re.search("remove|delete|\n", words)


def test_a_broken_file_is_an_error_in_words(workdir):
    (workdir / "config.json").write_text("{")
    (workdir / "data.json").write_text("{")
    with pytest.raises(UserError, match="config.json is not JSON"):
        resumption.raised_stages(workdir, toy.config())
    with pytest.raises(UserError, match="data.json is not JSON"):
        resumption.check_data(workdir, DATA)


def test_the_same_data_and_a_run_that_names_none_go_on(workdir, tmp_path):
    resumption.check_data(workdir, DATA)
    resumption.check_data(tmp_path / "none", DATA)


def test_names_what_differs_in_the_data(workdir):
    other = {"prepared_as": "stories/default", "splits": {"train": 5}}
    with pytest.raises(UserError) as error:
        resumption.check_data(workdir, other)
    assert "splits.test was 2 and is None; splits.train was 9 and is 5" in (
        str(error.value)
    )
    assert "choose another work directory" in str(error.value)
    assert "prepared_as" not in str(error.value)


def test_a_run_goes_on_after_a_setting_has_come(tmp_path):
    config = registry.completed(
        ml_collections.ConfigDict({"system": "story_gan"})
    )
    old = config.to_dict()
    del old["model"]["attention_hops"]
    (tmp_path / "config.json").write_text(json.dumps(old))
    assert resumption.raised_stages(tmp_path, config) == {}
    with config.unlocked():
        config.model.attention_hops = 2
    with pytest.raises(UserError, match="attention_hops was 0 and is 2"):
        resumption.raised_stages(tmp_path, config)
