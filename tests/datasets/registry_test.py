"""Tests of the datasets' registry."""

import pytest

from tfstory.datasets import registry
from tfstory.errors import UserError


@pytest.mark.parametrize("name", registry.names())
def test_every_builder_knows_its_name(name, tmp_path):
    builder = registry.builder(name, tmp_path)
    assert builder.name == name
    assert str(tmp_path) in builder.data_dir
    assert not builder.is_prepared()


@pytest.mark.parametrize("name", registry.names())
def test_builders_that_read_files_say_which(name):
    """What they look for, and how a user is to lay it out."""
    builder = registry.get(name)
    assert bool(builder.LAYOUT) == (builder.WANTED is not None)


def test_unknown_dataset():
    with pytest.raises(UserError, match="choose one of african_storybook"):
        registry.builder("africa", "x")


def test_other_arguments_are_other_data(tmp_path):
    one = registry.builder("codraw", tmp_path)
    other = registry.builder("codraw", tmp_path, width=64)
    assert one.data_dir != other.data_dir
