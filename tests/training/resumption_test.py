"""Tests which configs a run may go on with."""

import pytest

from tests.training import toy
from tfstory.errors import UserError
from tfstory.training import resumption


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "config.json"
    resumption.write(path, toy.config())
    return path


def test_the_same_config_and_none_go_on(path, tmp_path):
    assert resumption.raised_stages(path, toy.config()) == []
    assert resumption.raised_stages(tmp_path / "no.json", toy.config()) == []


def test_epochs_may_be_raised_and_not_lowered(path):
    config = toy.config()
    config.stages.second.epochs = 5
    assert resumption.raised_stages(path, config) == ["second"]
    config.stages.second.epochs = 1
    with pytest.raises(UserError, match="stages.second.epochs was 2 and is 1"):
        resumption.raised_stages(path, config)


def test_names_every_key_that_differs(path):
    config = toy.config()
    config.seed = 8
    config.stages.first.batch_size = 5
    del config.stages.second.learning_rate
    config.unlock()
    config.model = {"width": 3}
    with pytest.raises(UserError) as error:
        resumption.raised_stages(path, config)
    for text in (
        "seed was 7 and is 8",
        "stages.first.batch_size was 4 and is 5",
        "stages.second.learning_rate was 0.02 and is None",
        "model.width was None and is 3",
    ):
        assert text in str(error.value)


def test_what_does_not_touch_the_weights_may_change(path):
    config = toy.config(checkpoint_every_steps=9, strategy="one_device")
    config.unlock()
    config.pipeline = {"gates": {"l1": 0.5}}
    assert resumption.raised_stages(path, config) == []


def test_a_broken_file_is_an_error_in_words(path):
    path.write_text("{")
    with pytest.raises(UserError, match="is not JSON"):
        resumption.raised_stages(path, toy.config())
