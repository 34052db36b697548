"""Settings that all systems share, and what is said of wrong ones."""

import importlib

import pytest

from tfstory.errors import UserError
from tfstory.systems import checks, registry


def _config(system):
    defaults = importlib.import_module(f"tfstory.systems.{system}.defaults")
    return defaults.get_config()


@pytest.mark.parametrize("system", registry.names())
def test_no_system_climbs(system):
    """Each rate of each stage, by whatever name."""
    rates = [
        f"stages.{name}.{key}"
        for name, stage in _config(system).stages.items()
        for key in stage
        if key.endswith("learning_rate")
    ]
    assert rates
    for rate in rates:
        config = _config(system)
        config.update_from_flattened_dict({rate: -1e-3})
        with pytest.raises(UserError, match=f"{rate} must be 0.0 or more"):
            registry.get(system).check(config)


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_fewer_examples_than_none_are_refused(split):
    """-1 would take all of them."""
    config = _config("face_gan")
    config.data[f"max_{split}_examples"] = -1
    with pytest.raises(UserError, match=f"data.max_{split}_examples must be 0"):
        registry.get("face_gan").check(config)


def test_what_is_no_number_is_not_large_enough():
    config = _config("face_gan")
    config.stages.adversarial.r1_weight = float("nan")
    with pytest.raises(UserError, match="r1_weight must be 0.0 or more, not n"):
        registry.get("face_gan").check(config)


@pytest.mark.parametrize("one", [True, False])
def test_a_share_is_from_0_to_1(one):
    group = _config("story_gan").model
    for value in (0.0, 0.5):
        group.ema_decay = value
        checks.share(group, "model", "ema_decay", one=one)
    for value in (-0.1, 1.1, float("nan")):
        group.ema_decay = value
        with pytest.raises(
            UserError, match=f"ema_decay must be .* not {value}"
        ):
            checks.share(group, "model", "ema_decay", one=one)


def test_a_share_may_be_all_where_that_works():
    group = _config("seq_gan").reward
    group.discount = 1.0
    checks.share(group, "reward", "discount")
    with pytest.raises(UserError, match="from 0 up to but without 1, not 1.0"):
        checks.share(group, "reward", "discount", one=False)
