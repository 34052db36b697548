"""Files that a user names are written, or refused in words."""

import pytest
import tensorflow as tf

from tfstory import files
from tfstory.errors import UserError


def test_folders_above_are_made(tmp_path):
    path = tmp_path / "deep" / "er" / "a.txt"
    for content in (b"one", "two", tf.constant("three")):
        files.write(str(path), content)
    assert path.read_text() == "three"


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(
        UserError, match=r"write to .* \(.*Is a directory\); name another file"
    ):
        files.write(str(tmp_path), "")


def test_nothing_lies_below_a_file(tmp_path):
    (tmp_path / "a").write_text("")
    with pytest.raises(UserError, match="Not a directory"):
        files.write(str(tmp_path / "a" / "b"), "")
