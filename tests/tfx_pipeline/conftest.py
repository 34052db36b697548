"""What the pipeline's tests share: the toy system in the registry."""

import pytest

from tests.tfx_pipeline import toy_system
from tfstory.systems import registry


@pytest.fixture(scope="module")
def toy_registered():
    """Makes the registry know `toy_system.NAME`."""
    registry._SYSTEMS[toy_system.NAME] = (
        "tests.tfx_pipeline.toy_system:ToyStory"
    )
    yield
    del registry._SYSTEMS[toy_system.NAME]
