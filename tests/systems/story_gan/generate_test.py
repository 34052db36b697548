"""`tfstory generate` for StoryGAN, from a text file to a strip."""

import argparse

import pytest
import tensorflow as tf

from tests.systems.story_gan import tiny
from tfstory.errors import UserError
from tfstory.systems.story_gan import generate


@pytest.fixture(scope="module")
def system(tmp_path_factory):
    return tiny.system(tmp_path_factory.mktemp("system"))


@pytest.fixture
def draw(system, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    parser = argparse.ArgumentParser()
    generate.add_arguments(parser)

    def run(*words):
        args = parser.parse_args(list(words))
        generate.run(system, args)
        return tf.io.read_file(args.out).numpy()

    return run


def test_a_sentence_a_line_is_a_picture_each(draw, tmp_path, capsys):
    story = tmp_path / "story.txt"
    story.write_bytes(
        "\ufeffThe red circle.\r\n\r\n  It moves left. \n".encode()
    )
    strip = draw("--story", "story.txt", "--out", "strip.png")
    assert capsys.readouterr().out == "written to strip.png\n"
    width = tf.io.decode_png(strip).shape[1]
    story.write_text("\n".join(["The red circle."] * 4))
    assert tf.io.decode_png(draw("--story", str(story))).shape[1] > 1.8 * width


def test_the_seed_decides_the_strip(draw, tmp_path):
    (tmp_path / "story.txt").write_text("The red circle.\nIt moves.")
    strips = [
        draw("--story", "story.txt", "--seed", seed) for seed in ("7", "7", "8")
    ]
    assert strips[0] == strips[1] != strips[2]


def test_several_stories_and_seeds_are_rows_of_a_sheet(draw, tmp_path):
    (tmp_path / "one.txt").write_text("The red circle.\nIt moves.")
    (tmp_path / "two.txt").write_text("The red circle.\nIt moves left.")

    def height(*words):
        return tf.io.decode_png(draw(*words)).shape[0]

    alone = height("--story", "one.txt")
    rows = ("--story", "one.txt", "two.txt", "--seed", "1", "2", "3")
    assert height(*rows) > 6 * alone
    # The same twice is one row of a kind.
    assert height("--story", "one.txt", "one.txt") == alone


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "there is no file story.txt"),
        (b"\xff\xfe\x00x", "is no text in UTF-8"),
        (b" \n\n", "is empty; write one sentence a line"),
        (b"It moves.\n" * 65, "has 65 sentences; give 1 to 64"),
    ],
)
def test_what_is_no_story(draw, tmp_path, content, message):
    if content is not None:
        (tmp_path / "story.txt").write_bytes(content)
    with pytest.raises(UserError, match=message):
        draw("--story", "story.txt")


def test_words_that_are_not_read_are_told(draw, tmp_path, unread_lines):
    (tmp_path / "known.txt").write_text("The red circle.\nIt moves left.")
    (tmp_path / "long.txt").write_text("Qqqq zzzz.\n" + "the red circle " * 3)
    draw("--story", "known.txt", "long.txt", "--seed", "1", "2")
    unknown, cut = unread_lines
    assert "does not know it, qqqq, zzzz;" in unknown
    assert "the last 3 of 'the red circle the red circle the" in cut


def test_a_folder_is_no_strip(draw, tmp_path):
    (tmp_path / "story.txt").write_text("The red circle.")
    with pytest.raises(UserError, match="Is a directory.*name another file"):
        draw("--story", "story.txt", "--out", str(tmp_path))
