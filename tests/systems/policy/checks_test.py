"""Configs that no policy can be made from; no network is built here."""

import pytest

from tests.systems.policy import tiny
from tfstory.errors import UserError
from tfstory.systems import registry
from tfstory.systems.policy import defaults, evaluation
from tfstory.systems.policy.schedule import Schedule


def _check(config):
    registry.get(config.system).check(config)


@pytest.mark.parametrize("system", ["text_gan", "seq_gan"])
def test_defaults_are_sound(system):
    config = tiny.config(system)
    _check(config)
    ratios = registry.get(system).ratios
    pipeline = config.pipeline
    assert set(pipeline.gates) <= set(ratios)
    assert set(pipeline.better_than_baselines) <= set(ratios)


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("model.cell", "rnn", "choose one of gru, lstm"),
        ("model.discriminator", "bert", "choose one of gru, convolution, none"),
        ("model.embedding_size", 0, "must be 1 or more"),
        ("model.units", 0, "must be 1 or more"),
        ("model.deviation", -0.1, "must be 0 or more"),
        ("model.noise", -1.0, "must be 0 or more"),
        ("model.discriminator_embedding_size", 0, "must be 1 or more"),
        ("model.discriminator_units", 0, "must be 1 or more"),
        ("model.discriminator_divisor", 0, "must be 1 or more"),
        ("model.dropout", 1.0, "from 0 up to but without 1, not 1.0"),
        ("model.dropout", -0.1, "from 0 up to but without 1"),
        ("model.discriminator_dropout", 1.0, "from 0 up to but without 1"),
        ("model.tied", True, "equals units, not 5 and 6"),
        ("reward.form", "ends", "choose one of steps, roll_outs"),
        ("reward.baseline", "mean", "choose one of none, batch, learned"),
        ("reward.n_steps", -1, "must be 0 or more"),
        ("reward.n_steps", 2, "form to steps and baseline to learned"),
        ("reward.roll_outs", 0, "must be 1 or more"),
        ("reward.steps_a_turn", -1, "must be 0 or more"),
        ("reward.bleu_references", 0, "must be 1 or more"),
        ("reward.discount", 1.1, "config.reward.discount must be from 0 to 1"),
        ("reward.discriminator_share", 1.5, "must be from 0 to 1"),
        ("reward.discriminator_share", 0.5, "name some in config.reward"),
        ("reward.objectives", ("beauty",), "there is no objective 'beauty'"),
        ("reward.objective_modules", ("no.such",), "cannot be imported"),
        ("stages.likelihood.clip_norm", -1.0, "must be 0 or more"),
        ("stages.likelihood.scheduled_sampling", -0.1, "from 0 to 1, not -0.1"),
        ("stages.likelihood.scheduled_sampling", 1.1, "from 0 to 1, not 1.1"),
        ("stages.likelihood.batch_size", 0, "must be 1 or more"),
        ("stages.adversarial.epochs", -1, "must be 0 or more"),
        ("stages.adversarial.epoch_steps", -1, "must be 0 or more"),
        ("stages.adversarial.clip_norm", -1.0, "must be 0 or more"),
        ("stages.adversarial.policy_steps", -1, "must be 0 or more"),
        ("stages.adversarial.discriminator_sets", -1, "must be 0 or more"),
        ("stages.adversarial.set_size", 3, "set_size must be 4 or more"),
        ("stages.adversarial.passes", 0, "must be 1 or more"),
        ("stages.adversarial.likelihood_weight", -1.0, "must be 0 or more"),
        ("stages.adversarial.last_likelihood_weight", -1.0, "0 or more"),
        ("stages.discriminator.discriminator_l2", -1.0, "must be 0 or more"),
        ("stages.discriminator.weight_limit", -1.0, "must be 0 or more"),
        ("stages.discriminator.discriminator_loss", "l2", "choose one of non"),
        ("stages.adversarial.roll_out_decay", 1.0, "without 1, not 1.0"),
        ("evaluation.samples", 1, "must be 2 or more"),
        ("evaluation.temperature", -1.0, "must be 0 or more"),
    ],
)
def test_what_cannot_work_is_refused(key, value, message):
    with pytest.raises(UserError, match=message):
        _check(tiny.config("seq_gan", {key: value}))


@pytest.mark.parametrize("weights", [(1.0,), (1.0, 0.0), (2.0, 1.0, 1.0)])
def test_objectives_and_weights_pair(weights):
    changes = {"reward.objectives": ("constant", "bleu")}
    _check(tiny.config("seq_gan", changes))
    changes["reward.objective_weights"] = weights
    with pytest.raises(UserError, match="as many as there are objectives"):
        _check(tiny.config("seq_gan", changes))


def test_turns_have_objectives_that_take_them():
    changes = {"reward.steps_a_turn": 3, "reward.objectives": ("constant",)}
    with pytest.raises(UserError, match="two or more objectives"):
        _check(tiny.config("seq_gan", changes))
    changes["reward.objectives"] = ("constant", "bleu")
    with pytest.raises(UserError, match="steps_a_turn .* no share: set"):
        _check(tiny.config("seq_gan", changes))
    changes["reward.discriminator_share"] = 0.5
    _check(tiny.config("seq_gan", changes))
    changes["reward.objective_weights"] = (1.0, 2.0)
    with pytest.raises(UserError, match="objective_weights empty"):
        _check(tiny.config("seq_gan", changes))


def test_repeats_are_punished_where_objectives_reward():
    changes = {
        "reward.punish_repeats": True,
        "reward.objectives": ("constant",),
    }
    with pytest.raises(UserError, match="discriminator_share below 1"):
        _check(tiny.config("seq_gan", changes))
    changes["reward.discriminator_share"] = 0.5
    _check(tiny.config("seq_gan", changes))


def test_molecules_are_asked_of_text():
    """Numbers are no formulas, and would earn nothing for ever."""
    changes = {"reward.objectives": ("validity",)}
    _check(tiny.config("text_gan", changes))
    with pytest.raises(UserError, match="'validity' is of text, and"):
        _check(tiny.config("seq_gan", changes))


def test_a_round_takes_a_step():
    changes = {
        "stages.adversarial.policy_steps": 0,
        "stages.adversarial.discriminator_sets": 0,
    }
    with pytest.raises(UserError, match="rounds without a step"):
        _check(tiny.config("seq_gan", changes))


def test_the_discriminators_stage_is_its_alone():
    stages = tiny.config("seq_gan").stages
    stages.adversarial.policy_steps = 3
    stages.adversarial.discriminator_sets = 0
    stages.discriminator.set_size = 12
    alone = Schedule.of(defaults.alone(stages))
    assert alone == (0, 1, stages.discriminator.passes, 3)
    assert "policy_learning_rate" not in stages.discriminator


def test_a_batchs_baseline_takes_two():
    changes = {
        "stages.adversarial.batch_size": 1,
        "reward.baseline": "batch",
    }
    with pytest.raises(UserError, match="batch_size to 2 or more"):
        _check(tiny.config("seq_gan", changes))
    changes["reward.baseline"] = "none"
    _check(tiny.config("seq_gan", changes))


@pytest.mark.parametrize("name", ["tonality", "melodicity", "ratio_of_steps"])
def test_music_is_asked_of_melodies(name):
    """Words and numbers would be read as pitches, in silence."""
    changes = {"reward.objectives": (name,)}
    for system, dataset in (
        ("text_gan", "text_lines"),
        ("seq_gan", "oracle_sequences"),
    ):
        with pytest.raises(UserError, match=f"{name}' is of mel.*'{dataset}'"):
            _check(tiny.config(system, changes))
    config = tiny.config("seq_gan", changes | {"data.dataset": "melodies"})
    config.data.builder = {}
    _check(config)


def test_l2_is_of_the_convolutional_discriminator():
    changes = {"model.discriminator": "gru"}
    with pytest.raises(UserError, match="discriminator_l2 is of the conv"):
        _check(tiny.config("seq_gan", changes))
    _check(tiny.config("seq_gan", changes | tiny.NO_L2))


def test_some_stage_must_train():
    stages = ("likelihood", "discriminator", "adversarial")
    changes = {f"stages.{name}.epochs": 0 for name in stages}
    with pytest.raises(UserError, match="no stage has any epochs"):
        _check(tiny.config("seq_gan", changes))


def test_without_a_discriminator_none_is_trained_or_asked():
    changes = {"model.discriminator": "none"}
    with pytest.raises(UserError, match="and a stage trains it"):
        _check(tiny.config("seq_gan", changes))
    changes["stages.discriminator.epochs"] = 0
    with pytest.raises(UserError, match="and a stage trains it"):
        _check(tiny.config("seq_gan", changes))
    changes["stages.adversarial.discriminator_sets"] = 0
    with pytest.raises(UserError, match="it earns a part of the reward"):
        _check(tiny.config("seq_gan", changes))
    changes |= {
        "reward.discriminator_share": 0.0,
        "reward.objectives": ("constant",),
    }
    _check(tiny.config("seq_gan", changes))
    # A language model alone earns nothing.
    changes = {
        "model.discriminator": "none",
        "stages.discriminator.epochs": 0,
        "stages.adversarial.epochs": 0,
    }
    _check(tiny.config("seq_gan", changes))


def test_n_steps_need_a_learned_baseline():
    changes = {
        "reward.n_steps": 2,
        "reward.form": "steps",
        "reward.baseline": "learned",
    }
    _check(tiny.config("seq_gan", changes))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("data.vocabulary_size", 4, "must be 5 or more"),
        ("data.max_tokens", 2, "config.data.max_tokens must be 3 or more"),
        ("data.splitter", "lines", "choose one of .*blanks"),
        ("evaluation.oracle", "oracle.npz", "leave it empty for text"),
    ],
)
def test_what_text_cannot_be_is_refused(key, value, message):
    with pytest.raises(UserError, match=message):
        _check(tiny.config("text_gan", {key: value}))


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("data.dataset", "text_lines", "text_gan reads text"),
        ("data.dataset", "nothing", "there is no dataset 'nothing'"),
        ("data.builder", {"tokens": 5}, "oracle_sequences has no tokens"),
    ],
)
def test_what_numbers_cannot_be_is_refused(key, value, message):
    config = tiny.config("seq_gan")
    if isinstance(value, dict):
        config.data.builder.update(value)
    else:
        config.update_from_flattened_dict({key: value})
    with pytest.raises(UserError, match=message):
        _check(config)


def test_only_an_oracle_s_figures_are_missing_without_one():
    def lacking(system, **settings):
        config = tiny.config(system)
        config.evaluation.update(settings)
        if system == "seq_gan":
            config.data.builder.oracle = "file"
        system = registry.get(system)
        return set(system.ratios) - set(system.ratios_of(config))

    for system in ("text_gan", "seq_gan"):
        assert lacking(system) == set(evaluation.ORACLE)
    assert lacking("seq_gan", oracle="a.npz") == set()
    config = tiny.config("seq_gan")
    assert registry.get("seq_gan").has_oracle(config)
