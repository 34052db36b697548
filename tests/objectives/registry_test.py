"""Objectives by name: built in, a user's own, and what goes wrong."""

import importlib
import sys

import pytest
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.objectives import music, registry

RESTS = '''
"""A user's objectives."""

import tensorflow as tf

from tfstory.objectives.registry import objective


@objective("rests")
def rests(tokens, mask):
    return tf.reduce_mean(tf.cast(tokens == 0, tf.float32), axis=-1)


@objective("brevity", takes="text")
def brevity(text):
    return 1.0 / tf.cast(1 + tf.strings.length(text), tf.float32)
'''


@pytest.fixture
def write_module(tmp_path, monkeypatch):
    """Writes a module that can be imported; all is as before afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    registry.names()
    monkeypatch.setattr(registry, "_objectives", registry._objectives.copy())
    written = []

    def write(name, source):
        (tmp_path / f"{name}.py").write_text(source)
        importlib.invalidate_caches()
        written.append(name)

    yield write
    for name in written:
        sys.modules.pop(name, None)


def test_built_in_objectives_need_no_loading():
    assert {"tonality", "melodicity", "ratio_of_steps"} <= set(registry.names())
    assert registry.get("tonality") == (
        music.tonality,
        "melodies",
        True,
        "",
    )


def test_a_user_s_module_adds_objectives(write_module):
    write_module("rests_of_mine", RESTS)
    registry.load(["rests_of_mine"])
    rests, brevity = registry.get("rests"), registry.get("brevity")
    assert (rests.takes, brevity.takes) == ("tokens", "text")
    assert list(rests.function(tf.constant([[0, 0, 3, 0]]), None)) == [0.75]
    assert list(brevity.function(["", "CCO"])) == [1.0, 0.25]
    registry.load(["rests_of_mine"])
    assert registry.get("rests") == rests


def test_a_module_that_is_mended_defines_its_own_anew(write_module):
    write_module("rests_of_mine", RESTS + "\nraise RuntimeError('too\\nearly')")
    with pytest.raises(UserError, match=r"\(RuntimeError: too early\)"):
        registry.load(["rests_of_mine"])
    write_module("rests_of_mine", RESTS.replace("== 0", "== 1000"))
    registry.load(["rests_of_mine"])
    rests = registry.get("rests").function
    assert list(rests(tf.constant([[1000, 0, 0, 0]]), None)) == [0.25]


def test_a_name_is_taken_once(write_module):
    write_module("rests_of_mine", RESTS.replace('"rests"', '"tonality"'))
    with pytest.raises(
        UserError,
        match="music.tonality and rests_of_mine.rests are both the objective "
        "'tonality'; rename one",
    ):
        registry.load(["rests_of_mine"])
    assert registry.get("tonality").function is music.tonality


def test_what_the_training_data_make_is_no_function(write_module):
    write_module("bleu_of_mine", RESTS.replace('"rests"', '"bleu"'))
    with pytest.raises(UserError, match="bleu_of_mine.rests cannot be the"):
        registry.load(["bleu_of_mine"])


def test_unknown_names_and_modules():
    with pytest.raises(
        UserError, match="'beauty'; choose one of bleu, constant, logp, "
    ):
        registry.get("beauty")
    with pytest.raises(UserError, match="'no_such.module' cannot be imported"):
        registry.load(["no_such.module"])


def test_a_module_that_does_not_parse(write_module):
    write_module("broken_of_mine", "def f(:\n")
    with pytest.raises(UserError, match="SyntaxError") as raised:
        registry.load(["broken_of_mine"])
    assert "\n" not in str(raised.value)


def test_an_objective_takes_one_of_three_kinds():
    with pytest.raises(ValueError, match="'melodies' or 'text', not 'words'"):
        registry.objective("words", takes="words")
