"""Tests of what commands keep in a work directory."""

import subprocess

import pytest
import tensorflow as tf

from tests.commands import small
from tfstory.commands import config_file, workdir
from tfstory.errors import UserError

CONFIG = config_file.load(small.SHAPES)


def _examples(*sentences):
    return tf.data.Dataset.from_tensor_slices(
        {"sentences": [[sentence] for sentence in sentences]}
    )


def _vocabulary(directory, *sentences):
    path = workdir.make_vocabulary(
        str(directory), CONFIG, _examples(*sentences)
    )
    with open(path) as file:
        return set(file.read().split())


def test_a_vocabulary_without_a_run_is_made_anew(tmp_path):
    assert _vocabulary(tmp_path, "a cat") == {"a", "cat"}
    assert _vocabulary(tmp_path, "a dog") == {"a", "dog"}


def test_a_run_keeps_the_vocabulary_that_it_began_with(tmp_path):
    _vocabulary(tmp_path, "a cat")
    (tmp_path / "config.json").write_text("{}")
    assert _vocabulary(tmp_path, "a dog") == {"a", "cat"}


def test_a_changed_vocabulary_is_refused(tmp_path):
    _vocabulary(tmp_path, "a cat")
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "vocabulary.txt").write_text("a\ncat\n")
    with pytest.raises(UserError, match="vocabulary.txt is not the vocabulary"):
        _vocabulary(tmp_path, "a cat")
    # Runs of earlier versions have no digest.
    (tmp_path / "vocabulary.txt.sha256").unlink()
    assert _vocabulary(tmp_path, "a cat") == {"a", "cat"}


def test_a_vocabulary_s_digest_is_that_of_sha256sum(tmp_path):
    _vocabulary(tmp_path, "a cat")
    subprocess.run(
        ["sha256sum", "--check", "--quiet", "vocabulary.txt.sha256"],
        cwd=tmp_path,
        check=True,
    )


def test_a_damaged_config_is_an_error_in_words(tmp_path):
    (tmp_path / "config.json").write_text('{"system":')
    with pytest.raises(UserError, match="config.json is not JSON"):
        workdir.read_config(str(tmp_path))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[1]", "holds no JSON object"),
        ('{"system": ["a"]}', "there is no system"),
        (
            '{"system": "story_gan", "model": 3}',
            "config.model must be a group, not 3",
        ),
        (
            '{"system": "story_gan", "model": {"units": "64"}}',
            "config.model.units must be a number, not '64'",
        ),
        (
            '{"system": "story_gan", "model": {"ema_decay": true}}',
            "config.model.ema_decay must be a number, not True",
        ),
    ],
)
def test_a_config_of_another_shape(tmp_path, text, said):
    (tmp_path / "config.json").write_text(text)
    with pytest.raises(UserError, match=said):
        workdir.read_config(str(tmp_path))


@pytest.mark.parametrize(
    "config_path", sorted(small.ROOT.glob("configs/*/*.py"))
)
def test_a_config_that_was_written_is_complete(tmp_path, config_path):
    written = config_file.to_json(config_file.load(str(config_path)))
    (tmp_path / "config.json").write_text(written)
    assert config_file.to_json(workdir.read_config(str(tmp_path))) == written


def test_settings_that_came_later_are_as_by_default(tmp_path):
    config = config_file.load(small.SHAPES)
    with config.unlocked():
        del config["training"]
        config.data.frames = 7
        config.data.builder.own = 1
    (tmp_path / "config.json").write_text(config_file.to_json(config))
    read = workdir.read_config(str(tmp_path))
    assert read.training == CONFIG.training
    assert read.data.frames == 7 and read.data.builder.own == 1
    assert config_file.overridden(read, ["--config.training.xla=True"])


def test_a_config_that_names_no_system(tmp_path):
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(UserError, match="there is no system None"):
        workdir.read_config(str(tmp_path))


def test_settings_that_are_gone_are_said(tmp_path, caplog):
    config = config_file.load(small.SHAPES)
    with config.unlocked():
        config.model.colour = "red"
        config.pipeline.gates.own = 1.0
    (tmp_path / "config.json").write_text(config_file.to_json(config))
    workdir.read_config(str(tmp_path))
    assert "has no more: config.model.colour" in caplog.text
    assert "own" not in caplog.text
