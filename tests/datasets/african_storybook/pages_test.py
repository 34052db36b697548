"""Tests of reading an African Storybook story."""

import pytest

from tfstory.datasets.african_storybook import pages

_STORY = """# A title

##
Page one,
two lines.

##

## 3
Page three.

##
* License: [CC-BY-NC]
* Text: Somebody
* Language: en
"""


def test_pages_and_licence():
    assert pages.parse(_STORY) == (
        ["Page one,\ntwo lines.", "", "Page three."], "CC-BY-NC",
    )  # fmt: skip


def test_file_without_a_licence():
    assert pages.parse("# T\n\n##\nOnly page.\n") == (["Only page."], "")


@pytest.mark.parametrize("text", ["", "# Title only\n"])
def test_no_pages(text):
    assert pages.parse(text) == ([], "")


@pytest.mark.parametrize(
    "page, count, pictures, expected",
    [
        (0, 10, 11, 1), (9, 10, 11, 10), (9, 10, 12, 10),
        (0, 10, 10, None), (0, 10, 13, None), (0, 10, 0, None),
    ],
)  # fmt: skip
def test_picture_of_page(page, count, pictures, expected):
    assert pages.picture_of_page(page, count, pictures) == expected
