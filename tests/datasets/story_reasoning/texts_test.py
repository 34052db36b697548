"""Tests of reading grounded story text."""

import pytest

from tfstory.datasets.candidates import BadExample
from tfstory.datasets.story_reasoning import texts

_STORY = """
<gdi image1>
<gdo char1>Anna</gdo> <gda char1>walked</gda> into the
<gdl landmark1>hall</gdl>.
</gdi>
<gdi image2>"Stop!" said <gdo char2>he</gdo>, loudly.</gdi>
"""


def test_texts_without_tags():
    assert texts.frame_texts(_STORY, 2) == [
        "Anna walked into the hall.", '"Stop!" said he, loudly.',
    ]  # fmt: skip


def test_parts_of_one_frame_are_joined():
    story = "<gdi image1>A.</gdi> <gdi image2>B.</gdi><gdi image1>C.</gdi>"
    assert texts.frame_texts(story, 2) == ["A. C.", "B."]


@pytest.mark.parametrize(
    "frames, reason",
    [(3, "frame 3 has no text"), (1, "text for frame 2, and 1 pictures")],
)
def test_wrong_counts(frames, reason):
    with pytest.raises(BadExample, match=reason):
        texts.frame_texts(_STORY, frames)
