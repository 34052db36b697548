"""The data contract: stories, their windows, and the Example codec."""

import pytest
import tensorflow as tf

from tfstory import stories


def _story(frames=5, **changes):
    values = {
        "story_id": "books/7",
        "source": "books",
        "images": [f"picture {i}".encode() for i in range(frames)],
        "sentences": [f"Bild {i} ä" for i in range(frames)],
        "decided": [f"Bild {i} _" for i in range(frames)],
    }
    return stories.Story(**{**values, **changes})


def _parse(*examples, frames):
    serialized = [example.SerializeToString() for example in examples]
    return stories.example_format(frames).parse(tf.constant(serialized))


def test_encoded_stories_parse_to_what_they_were():
    parsed = _parse(
        stories.encode(_story()), stories.encode(_story(story_id="b")), frames=5
    )
    assert parsed["story_id"].numpy().tolist() == [b"books/7", b"b"]
    assert parsed["source"].numpy().tolist() == [b"books"] * 2
    assert parsed["story_length"].numpy().tolist() == [5, 5]
    assert parsed["story_length"].dtype == tf.int64
    assert parsed["images"].shape == [2, 5]
    assert parsed["images"].numpy()[0, 1] == b"picture 1"
    assert parsed["sentences"].numpy()[0, 2].decode() == "Bild 2 ä"
    assert parsed["decided"].numpy()[1, 3].decode() == "Bild 3 _"


def test_what_is_not_decided_is_empty():
    parsed = _parse(stories.encode(_story(2, decided=())), frames=2)
    assert parsed["decided"].numpy().tolist() == [[b"", b""]]


def test_a_caller_need_give_pictures_and_sentences_only():
    example = stories.encode(_story(3))
    for name in ("story_id", "source", "story_length", "decided"):
        del example.features.feature[name]
    parsed = _parse(example, frames=3)
    assert parsed["story_id"].numpy().tolist() == [b""]
    assert parsed["source"].numpy().tolist() == [b""]
    assert parsed["story_length"].numpy().tolist() == [3]
    assert parsed["decided"].numpy().tolist() == [[b"", b"", b""]]


@pytest.mark.parametrize("name", ["images", "sentences"])
def test_a_missing_feature_is_an_error_that_names_it(name):
    example = stories.encode(_story(3))
    del example.features.feature[name]
    with pytest.raises(tf.errors.InvalidArgumentError, match=name):
        _parse(example, frames=3)


def test_another_number_of_frames_is_an_error():
    with pytest.raises(tf.errors.InvalidArgumentError):
        _parse(stories.encode(_story(4)), frames=5)


def test_a_window_knows_the_length_of_the_whole_story():
    window = _story(2, story_length=9, decided=())
    parsed = _parse(stories.encode(window), frames=2)
    assert parsed["story_length"].numpy().tolist() == [9]
    assert parsed["decided"].numpy().tolist() == [[b"", b""]]


def test_unequal_counts_are_refused():
    with pytest.raises(ValueError, match="1 pictures and 2 sentences"):
        _story(images=[b""], sentences=["a", "b"])
    with pytest.raises(ValueError, match="5 sentences and 1 decided"):
        _story(decided=["a"])
