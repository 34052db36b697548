"""The `tfstory` command, called as from a shell."""

import pytest

from tfstory.commands import main


@pytest.fixture
def tfstory(capsys):
    """Calls the command; returns its exit code, output and errors."""

    def run(*words):
        code = main.main(list(words))
        return code, *capsys.readouterr()

    return run
