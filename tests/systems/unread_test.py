"""Users are told what a model does not read of their sentences."""

import logging

import pytest

from tfstory.systems import unread
from tfstory.text.tokenizer import Tokenizer


@pytest.fixture
def warned(tmp_path, caplog, monkeypatch):
    """Returns a function from sentences to the warnings."""
    # The command, which other tests run, shows its log by itself.
    monkeypatch.setattr(logging.getLogger("tfstory"), "propagate", True)
    path = tmp_path / "vocabulary.txt"
    path.write_text("the\nball\n.\nrolls\n")
    tokenizer = Tokenizer(str(path), 6)

    def warn(*sentences):
        caplog.clear()
        unread.warn(tokenizer, sentences)
        assert all(r.levelno == logging.WARNING for r in caplog.records)
        return [record.getMessage() for record in caplog.records]

    return warn


def test_what_is_read_is_passed_by(warned):
    assert warned("The ball rolls.", "the ball") == []


def test_a_text_may_have_unknown_words_itself(tmp_path):
    path = tmp_path / "vocabulary.txt"
    path.write_text("the\n")
    tokenizer = Tokenizer(str(path), 6, "blanks")
    assert tokenizer.lost(["the <unk> sea"]).unknown == ["sea"]


def test_the_first_unknown_words_are_named(warned):
    (line,) = warned("Qqqq zzzz!", "the qqqq")
    assert "does not know qqqq, zzzz, !;" in line
    (line,) = warned("a b c d", "e f g")
    assert "does not know a, b, c, d, e and 2 more;" in line


def test_cut_sentences_are_named(warned):
    long = "the ball rolls . " * 3
    (line,) = warned(long, "the ball rolls.", long, "the ball. The ball.")
    assert "reads 4 tokens of a sentence" in line
    assert line.endswith(
        "8 of 'the ball rolls . the ball rolls . the...', "
        "2 of 'the ball. The ball.'"
    )
    (line,) = warned(*(long + "." * n for n in range(7)))
    assert line.endswith("and 2 more")


def test_both_have_a_line(warned):
    unknown, cut = warned("the sea rolls the ball")
    assert "sea" in unknown and "1 of 'the sea" in cut
