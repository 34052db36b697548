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
    return tiny.system(tmp_path_factory.mktemp("system"))


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


def test_a_folder_is_no_strip(go_on, tmp_path):
    with pytest.raises(UserError, match="Is a directory.*name another file"):
        go_on(["the red circle"] * CONTEXT, "--out", str(tmp_path))
