"""`tfstory generate` for StoryReasoning, from pictures to a strip."""

import argparse

import pytest
import tensorflow as tf

from tests.systems.story_reasoning import tiny
from tfstory.errors import UserError
from tfstory.systems.story_reasoning import generate

CONTEXT = tiny.FRAMES - 1


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    made = tiny.system(tmp_path_factory.mktemp("system"))
    # Traced once for all tests.
    signatures = made.signatures()
    made.signatures = lambda: signatures
    return made


@pytest.fixture
def go_on(system, tmp_path, monkeypatch):
    """Goes on with as many grey pictures as there are sentences."""
    monkeypatch.chdir(tmp_path)
    grey = tf.fill([tiny.SIZE, tiny.SIZE, 3], tf.constant(128, tf.uint8))
    (tmp_path / "grey.png").write_bytes(tf.io.encode_png(grey).numpy())
    parser = argparse.ArgumentParser()
    generate.add_arguments(parser)

    def run(sentences, *words):
        frames = ["grey.png"] * len(sentences)
        words = ["--frames", *frames, "--sentences", *sentences, *words]
        args = parser.parse_args(words)
        generate.run(system, args)
        return tf.io.read_file(args.out).numpy()

    return run


def test_words_that_are_not_read_are_told(go_on, unread_lines):
    known = ["the red circle"] * (CONTEXT - 2)
    # The first sentence is before what the model reads.
    go_on(["xxxx", "the qqqq moves", *known, "the red circle " * 3])
    unknown, cut = unread_lines
    assert "does not know qqqq;" in unknown
    assert "the last 3 of 'the red circle the red circle the" in cut


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("--count=0", "--count must be from 1 to 100, not 0"),
        ("--count=-2", "--count must be from 1 to 100, not -2"),
        ("--temperature=-0.5", "--temperature must be 0 or more, not -0.5"),
        ("--temperature=nan", "--temperature must be 0 or more, not nan"),
    ],
)
def test_what_cannot_be_told_on_is_refused(go_on, word, message):
    with pytest.raises(UserError, match=message):
        go_on(["the red circle"] * CONTEXT, word)


def test_the_strip_has_the_frames_that_are_asked_for(go_on):
    one, three = (
        tf.io.decode_png(go_on(["the red circle"] * CONTEXT, f"--count={n}"))
        for n in (1, 3)
    )
    assert three.shape[1] - one.shape[1] == pytest.approx(
        2 * one.shape[1] / (CONTEXT + 1), rel=0.05
    )


def test_a_folder_is_no_strip(go_on, tmp_path):
    with pytest.raises(UserError, match="Is a directory.*name another file"):
        go_on(["the red circle"] * CONTEXT, "--out", str(tmp_path))
