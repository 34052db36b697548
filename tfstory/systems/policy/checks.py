"""Refuses configs that no policy can be made from."""

import ml_collections

from tfstory.errors import UserError
from tfstory.layers import recurrent_policy
from tfstory.losses import adversarial
from tfstory.systems.checks import at_least, one_of, share
from tfstory.systems.policy import baselines, defaults, model, rewards


def check(config: ml_collections.ConfigDict) -> None:
    """Checks what would fail deep inside a network, or silently.

    Args:
      config: the run's config.

    Raises:
      UserError: names the key and a value that works.
    """
    _check_model(config.model)
    _check_reward(config)
    stages = config.stages
    if not any(stage.epochs for stage in stages.values()):
        raise UserError(
            "no stage has any epochs; set config.stages.likelihood.epochs to 1 "
            "or more"
        )
    at_least(stages.likelihood, "stages.likelihood", clip_norm=0)
    share(stages.likelihood, "stages.likelihood", "scheduled_sampling")
    # What they share is looked at in the first.
    for name, stage in (
        ("adversarial", stages.adversarial),
        ("discriminator", defaults.alone(stages)),
    ):
        _check_adversarial(stage, f"stages.{name}")
        if (
            stage.discriminator_l2
            and config.model.discriminator == model.RECURRENT
        ):
            raise UserError(
                f"config.stages.{name}.discriminator_l2 is of the "
                "convolutional discriminator; set it to 0"
            )
    if (
        config.reward.baseline == baselines.BATCH
        and stages.adversarial.batch_size < 2
    ):
        raise UserError(
            "config.reward.baseline batch compares with the other sequences of "
            "a batch: set config.stages.adversarial.batch_size to 2 or more"
        )
    _check_discriminator(config)
    at_least(config.evaluation, "evaluation", samples=2, temperature=0)


def _check_model(config):
    one_of("model.cell", config.cell, recurrent_policy.CELLS)
    one_of("model.discriminator", config.discriminator, model.DISCRIMINATORS)
    at_least(
        config,
        "model",
        embedding_size=1,
        units=1,
        deviation=0,
        noise=0,
        discriminator_embedding_size=1,
        discriminator_units=1,
        discriminator_divisor=1,
    )
    share(config, "model", "dropout", "discriminator_dropout", one=False)
    if config.tied and config.embedding_size != config.units:
        raise UserError(
            "config.model.tied needs an embedding_size that equals units, not "
            f"{config.embedding_size} and {config.units}"
        )


def _check_reward(config):
    reward = config.reward
    one_of("reward.form", reward.form, rewards.FORMS)
    one_of("reward.baseline", reward.baseline, baselines.FORMS)
    at_least(
        reward,
        "reward",
        n_steps=0,
        roll_outs=1,
        steps_a_turn=0,
        bleu_references=1,
    )
    share(reward, "reward", "discount", "discriminator_share")
    if reward.n_steps and (
        reward.form != rewards.STEPS or reward.baseline != baselines.LEARNED
    ):
        raise UserError(
            "config.reward.n_steps looks at what a baseline expects: set form "
            f"to {rewards.STEPS} and baseline to {baselines.LEARNED}"
        )
    if reward.discriminator_share < 1 and not reward.objectives:
        raise UserError(
            "config.reward.discriminator_share below 1 leaves the rest to "
            "objectives; name some in config.reward.objectives"
        )
    weights = reward.objective_weights
    if weights and (
        len(weights) != len(reward.objectives) or min(weights) <= 0
    ):
        raise UserError(
            "config.reward.objective_weights must be numbers above 0, as many "
            f"as there are objectives, not {tuple(weights)}"
        )
    if reward.steps_a_turn and (weights or len(reward.objectives) < 2):
        raise UserError(
            "config.reward.steps_a_turn has two or more objectives reward in "
            "turn, each alone: name them in config.reward.objectives, and "
            "leave config.reward.objective_weights empty"
        )
    for key in ("steps_a_turn", "punish_repeats"):
        if reward[key] and reward.discriminator_share == 1:
            raise UserError(
                f"config.reward.{key} changes what objectives give, and these "
                "have no share: set config.reward.discriminator_share below 1, "
                f"or config.reward.{key} to {type(reward[key])()}"
            )


def _check_adversarial(stage, path):
    at_least(
        stage,
        path,
        epoch_steps=0,
        clip_norm=0,
        policy_steps=0,
        discriminator_sets=0,
        set_size=stage.batch_size,
        passes=1,
        likelihood_weight=0,
        last_likelihood_weight=0,
        entropy_weight=0,
        discriminator_l2=0,
        weight_limit=0,
    )
    one_of(
        f"{path}.discriminator_loss",
        stage.discriminator_loss,
        (adversarial.NON_SATURATING, adversarial.WASSERSTEIN),
    )
    is_critic = stage.discriminator_loss == adversarial.WASSERSTEIN
    if is_critic != bool(stage.weight_limit):
        raise UserError(
            f"config.{path}.weight_limit keeps a Wasserstein discriminator "
            f"smooth, and no other: with {stage.discriminator_loss} it must be "
            f"{'above 0' if is_critic else '0'}, not {stage.weight_limit}"
        )
    share(stage, path, "roll_out_decay", one=False)
    if not stage.policy_steps and not stage.discriminator_sets:
        raise UserError(
            f"config.{path} has rounds without a step; set policy_steps or "
            "discriminator_sets to 1 or more"
        )


def _check_discriminator(config):
    is_none = config.model.discriminator == model.NO_DISCRIMINATOR
    if is_none and model.has_discriminator_steps(config.stages):
        raise UserError(
            "config.model.discriminator is none, and a stage trains it; set "
            "config.stages.discriminator.epochs and "
            "config.stages.adversarial.discriminator_sets to 0"
        )
    if (
        config.stages.adversarial.epochs
        and config.reward.discriminator_share
        and not model.trains_discriminator(config)
    ):
        raise UserError(
            "no stage trains a discriminator, and it earns a part of the "
            "reward; set config.reward.discriminator_share to 0"
        )
