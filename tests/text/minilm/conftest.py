"""The installed sentence encoder, for tests of what it says."""

import pytest

from tfstory.errors import UserError
from tfstory.text.minilm import package


@pytest.fixture(scope="session")
def installed_model():
    """Folder of the installed model's files."""
    try:
        return package.folder()
    except UserError as error:
        pytest.skip(str(error))
