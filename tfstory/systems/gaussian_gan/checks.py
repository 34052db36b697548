"""Refuses configs that GaussianGan cannot be made from."""

import ml_collections

from tfstory.errors import UserError
from tfstory.losses import adversarial
from tfstory.systems.checks import at_least, one_of, share, smooth

OPTIMIZERS = ("sgd", "adam")


def check(config: ml_collections.ConfigDict) -> None:
    """Checks what would fail deep inside a network, or silently.

    Args:
      config: the run's config.

    Raises:
      UserError: names the key and a value that works.
    """
    data, model = config.data, config.model
    if data.dataset != "gaussians":
        raise UserError(
            "config.data.dataset must be 'gaussians', whose true distribution "
            f"is known to measure against, not {data.dataset!r}"
        )
    at_least(model, "model", minibatch_kernels=0, minibatch_size=1)
    if not model.hidden_units or min(model.hidden_units) < 1:
        raise UserError(
            "config.model.hidden_units must have a width of 1 or more for "
            f"each hidden layer, not {model.hidden_units}"
        )
    for name in ("output_scale", "latent_bound"):
        if model[name] <= 0:
            raise UserError(
                f"config.model.{name} must be above 0, not {model[name]}"
            )
    if any(abs(mean) >= model.output_scale for mean in data.builder.means):
        raise UserError(
            "config.data.builder.means must lie within the generator's reach, "
            f"+-{model.output_scale} (config.model.output_scale), not be "
            f"{tuple(data.builder.means)}"
        )
    share(model, "model", "ema_decay", one=False)
    for name, stage in config.stages.items():
        _check_stage(stage, f"stages.{name}")
    stage = config.stages.adversarial
    at_least(stage, "stages.adversarial", epoch_steps=1)
    one_of("stages.adversarial.loss", stage.loss, adversarial.FORMS)
    smooth(stage, "stages.adversarial", r1_weight=stage.r1_weight)


def _check_stage(stage: ml_collections.ConfigDict, path: str) -> None:
    at_least(
        stage,
        path,
        epoch_steps=0,
        steps_per_execution=1,
        discriminator_steps=1,
        generator_steps=1,
        r1_weight=0,
    )
    one_of(f"{path}.optimizer", stage.optimizer, OPTIMIZERS)
    if stage.learning_rate <= 0 or not 0 <= stage.momentum < 1:
        raise UserError(
            f"config.{path} must have a learning_rate above 0 and a momentum "
            "from 0 up to but without 1, not "
            f"{stage.learning_rate} and {stage.momentum}"
        )
