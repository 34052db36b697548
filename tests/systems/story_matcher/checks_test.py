"""Configs that the matcher refuses, and those that it comes with."""

import pytest

from tests.systems import configs
from tests.systems.story_matcher import tiny
from tfstory.errors import UserError
from tfstory.systems.story_matcher.system import StoryMatcher


@pytest.mark.parametrize("name", ["shapes", "codraw"])
def test_the_projects_configs_are_sound(name):
    config = tiny.config(name)
    StoryMatcher.check(config)
    assert set(config.pipeline.gates) <= set(StoryMatcher.ratios)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("data.image_size", 30, "must be a multiple of 4"),
        ("data.frames", 0, "config.data.frames must be 1 or more"),
        ("data.vocabulary_size", 4, "must be 5 or more"),
        ("model.sentence_encoder", "bert", "choose one of gru, convolution"),
        ("model.joint_size", 0, "config.model.joint_size must be 1 or more"),
        ("model.widths", (), "must be one number of channels or more"),
        ("model.widths", (4, 0), "must be one number of channels or more"),
        ("stages.matching.epochs", 0, "must be 1 or more"),
    ],
)
def test_what_cannot_work_is_refused(key, value, message):
    config = tiny.config()
    config.update_from_flattened_dict({key: value})
    with pytest.raises(UserError, match=message):
        StoryMatcher.check(config)


@pytest.mark.parametrize("name", ["shapes", "codraw"])
def test_the_judge_learns_from_what_it_judges(name):
    judge, generator = (
        configs.load(system, name).data
        for system in ("story_matcher", "story_gan")
    )
    assert judge == generator
