"""One export for all tests of it: a second would take as long again."""

import pytest

from tests.systems.story_reasoning import tiny


@pytest.fixture(scope="session")
def system(tmp_path_factory):
    """A small StoryReasoning with its first weights."""
    return tiny.system(tmp_path_factory.mktemp("system"))


@pytest.fixture(scope="session")
def raw():
    """Three raw stories, as arrays."""
    return {k: v.numpy() for k, v in tiny.raw_batch(3).items()}


@pytest.fixture(scope="session")
def version_dir(system, raw, tmp_path_factory):
    """Where `system` was exported, with two stories to warm up by."""
    from tfstory.export import saved_model

    model_dir = tmp_path_factory.mktemp("models")
    first = {name: value[:2] for name, value in raw.items()}
    return saved_model.export(system, str(model_dir), first)
