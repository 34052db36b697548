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


@pytest.mark.parametrize(
    "name",
    sorted(
        set(registry.names())
        - {
            "celeb_a",
            "clevr_scenes",
            "essen_melodies",
            "gaussians",
            "shape_scenes",
            "shape_stories",
        }
    ),
)
def test_builders_that_read_say_what(name):
    builder = registry.get(name)
    assert builder.WANTED is not None
    assert builder.LAYOUT


def test_unknown_dataset():
    with pytest.raises(UserError, match="choose one of african_storybook"):
        registry.builder("africa", "x")


def test_other_arguments_are_other_data(tmp_path):
    one = registry.builder("codraw", tmp_path)
    other = registry.builder("codraw", tmp_path, width=64)
    assert one.data_dir != other.data_dir
