"""Config files and their overrides."""

import importlib

import pytest

from tests.commands.small import ROOT, SHAPES
from tfstory.commands import config_file
from tfstory.errors import UserError


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("--config.model.units=64", 64),
        ("--config.stages.sequence.learning_rate=1", 1.0),
        ("--config.training.xla=true", True),
        ("--config.model.encoder_widths=(4, 8)", (4, 8)),
        ("--config.model.encoder_widths=[4, 8]", (4, 8)),
        ("--config.model.normalization=group", "group"),
        ("--config.model.encoder_widths=4,8", (4, 8)),
        ("--config.model.encoder_widths=()", ()),
        ("--config.model.normalization=", ""),
        ("--config.data.dataset=12", "12"),
        ("--config.data.dataset=a=b", "a=b"),
        ("--config.stages.sequence.learning_rate=2.5e-4", 2.5e-4),
        ("--config.stages.sequence.learning_rate=-1e3", -1000.0),
        ("--config.data.vocabulary_size=1_000", 1000),
        ("--config.training.cache=False", False),
        ("--config.data.builder.seed=3", 3),
        ("--config.data.builder.described=true", True),
    ],
)
def test_overrides_take_the_files_type(word, expected):
    value = config_file.load(SHAPES, [word])
    for part in word.partition("=")[0].split(".")[1:]:
        value = value[part]
    assert value == expected
    assert type(value) is type(expected)


@pytest.mark.parametrize(
    ("word", "message"),
    [
        ("--config.model.unit=3", "did you mean 'units'"),
        ("--config.nothing.units=3", "the config has no 'nothing'; known: "),
        ("--config.model.units=many", "must be int .such as 128., not 'many'"),
        ("--config.training.xla=1", "must be bool"),
        ("--config.training.xla=None", "must be bool"),
        ("--config.model.units=", "must be int .such as 128., not ''"),
        ("--config.model.units=1e3", "must be int"),
        ("--config.model.units=None", "must be int"),
        ("--config.stages.sequence.learning_rate=nan", "must be float"),
        ("--config.model.encoder_widths=8", "must be tuple"),
        ("--config.model.encoder_widths=(4, 'a')", "must be tuple"),
        ("--config.model.encoder_widths={[]: 1}", "must be tuple"),
        (
            "--config.model.loss_weights={'image_loss': 1.0}",
            "loss_weights is a group; set one of its values: ",
        ),
        ("--config.data.builder=3", "builder is a group"),
        ("--config.model.units.x=3", "no 'x' in the value 128"),
        ("--config.=3", "the config has no ''; known: "),
        ("--config.model.units", "write --config.KEY=VALUE"),
        ("--builder.seed=3", "write --config.KEY=VALUE"),
    ],
)
def test_wrong_overrides_are_named(word, message):
    with pytest.raises(UserError, match=message) as error:
        config_file.load(SHAPES, [word])
    assert len(str(error.value).splitlines()) == 1


def test_values_of_a_file_of_ones_own_keep_their_types(tmp_path):
    path = tmp_path / "config.py"
    path.write_text(
        "import ml_collections\n"
        "def get_config():\n"
        "  return ml_collections.ConfigDict(\n"
        "      {'none': None, 'rates': [0.5, 0.1], 'free': ()})\n"
    )
    config = config_file.load(
        str(path),
        [
            "--config.none=3",
            "--config.rates=(1, 2e-3)",
            "--config.free=(1, 'a')",
        ],
    )
    assert config.none == 3
    assert config.rates == [1.0, 0.002]
    assert [type(rate) for rate in config.rates] == [float, float]
    assert config.free == (1, "a")


def test_missing_and_broken_files_are_named(tmp_path):
    with pytest.raises(UserError, match="there is no config file"):
        config_file.load(str(tmp_path / "none.py"))
    path = tmp_path / "broken.py"
    path.write_text("1 / 0")
    with pytest.raises(UserError, match="ZeroDivisionError"):
        config_file.load(str(path))
    path.write_text("x = 1")
    with pytest.raises(UserError, match="no attribute 'get_config'"):
        config_file.load(str(path))
    path.write_text("def get_config():\n  raise ValueError('a\\nb')")
    with pytest.raises(UserError, match="ValueError: a b$"):
        config_file.load(str(path))
    path.write_text("def get_config():\n  pass")
    with pytest.raises(UserError, match="returns NoneType, not an ml_coll"):
        config_file.load(str(path))
    text = tmp_path / "config.txt"
    text.write_text("x")
    with pytest.raises(UserError, match="ends in .py"):
        config_file.load(str(text))


@pytest.mark.parametrize(
    "path",
    sorted((ROOT / "configs").glob("*/*.py")),
    ids=lambda path: f"{path.parent.name}/{path.stem}",
)
def test_every_config_has_the_keys_of_its_system_and_survives_json(path):
    config = config_file.load(str(path))
    defaults = importlib.import_module(
        f"tfstory.systems.{path.parent.name}.defaults"
    )
    assert _keys(config) == _keys(defaults.get_config())
    again = config_file.from_json(config_file.to_json(config))
    assert config_file.to_json(again) == config_file.to_json(config)
    assert config.system == path.parent.name


def _keys(config, prefix=""):
    result = set()
    for name, value in config.items():
        path = f"{prefix}{name}"
        result.add(path)
        # A builder's arguments and the gates differ from set to set.
        own = path in ("data.builder", "pipeline.gates")
        if hasattr(value, "items") and not own:
            result |= _keys(value, f"{path}.")
    return result
