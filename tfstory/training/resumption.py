"""Whether a work directory's run may go on under a config, on its data."""

import json
import pathlib
from collections.abc import Mapping, Sequence
from typing import Any

import ml_collections

from tfstory.errors import UserError
from tfstory.systems import registry
from tfstory.training import checkpoints, files

DATA = "data.json"
# Keys that change nothing about the weights that training ends with, but for
# the rounding of another device.
_FREE = (
    "evaluation",
    "pipeline",
    "training.checkpoint_every_steps",
    "training.keep_checkpoints",
    "training.strategy",
)
# How validation writes and judges: by `System.judged_metrics`, which epoch is
# the best rests on them.
_JUDGING = ("evaluation.temperature", "evaluation.oracle")
# Values that differ which a message names.
_SHOWN = 4


def raised_stages(
    workdir: pathlib.Path, config: ml_collections.ConfigDict
) -> dict[str, int]:
    """Compares the config with that of the run so far.

    Args:
      workdir: the run's; need not hold a run.
      config: what to go on with.

    Returns:
      Name to the epochs so far, of the stages that shall have more.

    Raises:
      UserError: the config differs in something else.
    """
    raised, other = {}, []
    new = _flatten(json.loads(_json(config)))
    old = _read(workdir / files.CONFIG)
    system = old.get("system", new["system"])
    if system != new["system"]:
        raise UserError(
            f"{workdir} holds a run of {system}, and the config is of "
            f"{new['system']}; choose another work directory"
        )
    judged = ()
    if system in registry.names():
        judged = registry.get(system).judged_metrics
    if old.get("system") in registry.names():
        # What has come since is as by default.
        completed = registry.completed(ml_collections.ConfigDict(old))
        old = json.loads(_json(completed))
    keeps_by_judging = any(
        key.endswith(".keep_best") and value in judged
        for key, value in new.items()
    )
    for key, (before, after) in _changes(old, new).items():
        if _is_free(key) and not (keeps_by_judging and key in _JUDGING):
            continue
        parts = key.split(".")
        is_epochs = parts[0] == "stages" and parts[2:] == ["epochs"]
        # A stage that had no epochs is none of the run's.
        if is_epochs and before and (after or 0) > before:
            raised[parts[1]] = before
        else:
            other.append(f"{key} was {before!r} and is {after!r}")
    if other:
        shown = other[:_SHOWN]
        if other[_SHOWN:]:
            shown.append(f"and {len(other) - _SHOWN} more values differ")
        raise UserError(
            f"the run in {workdir} has another config: "
            f"{'; '.join(shown)}; set it back (epochs may be raised) or "
            "choose another work directory"
        )
    return raised


def check_raised(
    workdir: pathlib.Path,
    config: ml_collections.ConfigDict,
    stages: Sequence[str],
) -> None:
    """Refuses more epochs of a stage that the run has left behind.

    All that came after would have to be trained anew.

    Args:
      workdir: the run's; need not hold a run.
      config: what to go on with.
      stages: names of the stages, in order.

    Raises:
      UserError: there are such epochs, or the config differs in more.
    """
    left = {
        f"stages.{name}.epochs": before
        for name, before in raised_stages(workdir, config).items()
        if checkpoints.has_left(workdir, stages.index(name))
    }
    if left:
        before = ", ".join(f"{key} to {value}" for key, value in left.items())
        raise UserError(
            f"the run in {workdir} is past the stages whose epochs were "
            "raised, and what follows rests on them as they were; set back "
            f"{before} to go on, or train anew in another work directory"
        )


def check_data(workdir: pathlib.Path, data: Mapping[str, Any]) -> None:
    """Compares the data with those that the run has trained on so far.

    Args:
      workdir: the run's; need not hold a run.
      data: what tells the data from others, for JSON.

    Raises:
      UserError: they differ.
    """
    other = data_changes(workdir, data)
    if other:
        raise UserError(
            f"the run in {workdir} was trained on other data: "
            f"{'; '.join(other)}; bring the data back or choose another work "
            "directory"
        )


def data_changes(workdir: pathlib.Path, data: Mapping[str, Any]) -> list[str]:
    """Returns what differs from the data of the run, in words.

    Args:
      workdir: the run's; need not hold a run.
      data: as in `check_data`.
    """
    changes = _changes(_read(workdir / DATA), _flatten(data))
    return [
        f"{key} was {before!r} and is {after!r}"
        for key, (before, after) in changes.items()
    ]


def write(
    workdir: pathlib.Path,
    config: ml_collections.ConfigDict,
    data: Mapping[str, Any] | None,
) -> None:
    """Writes what a later run is compared with; no `data.json` for None."""
    files.write_json(workdir / files.CONFIG, json.loads(_json(config)))
    if data is not None:
        files.write_json(workdir / DATA, data)


def _read(path: pathlib.Path) -> dict[str, Any]:
    """Returns what a run wrote; nothing where there is no run."""
    if not path.exists():
        return {}
    return files.read_object(path, "choose another work directory")


def _changes(
    before: Mapping[str, Any], new: Mapping[str, Any]
) -> dict[str, tuple[Any, Any]]:
    """Returns the old and the new value of each key that differs."""
    if not before:
        return {}
    old = _flatten(before)
    return {
        key: (old.get(key), new.get(key))
        for key in sorted({*old, *new})
        if old.get(key) != new.get(key)
    }


def _json(config: ml_collections.ConfigDict) -> str:
    return config.to_json_best_effort()


def _is_free(key: str) -> bool:
    return any(key == free or key.startswith(f"{free}.") for free in _FREE)


def _flatten(value: Any, prefix: str = "") -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {prefix: value}
    flat = {}
    for key, child in value.items():
        flat.update(_flatten(child, f"{prefix}.{key}" if prefix else key))
    return flat
