"""Files that a user names are read and written, or refused in words."""

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


def test_lines_are_read_as_those_of_data_are(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("\ufeffone  two \r\n\n\tthree\u2028four\n".encode())
    assert files.read_lines(str(path)) == {1: "one two", 3: "three four"}
    path.write_bytes(b"one\ntw\xff")
    with pytest.raises(UserError, match=r"no text in UTF-8 \(line 2\)"):
        files.read_lines(str(path))
