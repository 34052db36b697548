"""Finds an objective by its name; a user adds one in one function.

    from tfstory.objectives.registry import objective

    @objective("rests")
    def rests(tokens, mask):
        rests = tf.cast(tokens == 0, tf.float32) * mask
        return tf.math.divide_no_nan(
            tf.reduce_sum(rests, axis=-1), tf.reduce_sum(mask, axis=-1)
        )

An objective is TensorFlow without side effects, or says that it is other
Python (`in_graph=False`), and gives each sequence a reward from 0 to 1
(Guimaraes et al. 2017, "Objective-Reinforced Generative Adversarial Networks
(ORGAN) for Sequence Generation Models", arXiv:1705.10843). A training step
asks it for tens of thousands of sequences.
"""

import importlib
import importlib.util
from collections.abc import Callable, Iterable
from typing import NamedTuple

from tfstory.errors import UserError

TOKENS = "tokens"
# Tokens of `tfstory.music.tokens`.
MELODIES = "melodies"
TEXT = "text"
_KINDS = (TOKENS, MELODIES, TEXT)
# An objective that no function here is: a run's training data make it.
BLEU = "bleu"

_BUILT_IN = (
    "tfstory.objectives.constant",
    "tfstory.objectives.molecules",
    "tfstory.objectives.music",
)


class Objective(NamedTuple):
    """A reward function and what it is called with.

    Attributes:
      function: `(strings) -> rewards` where it takes text, else
        `(tokens, mask) -> rewards`. Tokens are int32 `[batch, length]`, the
        mask is float32 `[batch, length]`: 1 where a token counts, 0 after the
        end; strings are `[batch]`, rewards float32 `[batch]` in [0, 1].
      takes: `TOKENS`, `MELODIES` or `TEXT`.
      in_graph: whether it is TensorFlow all through, so that an exported
        model can hold it.
      needs: module that it imports when it is called, or "".
    """

    function: Callable
    takes: str
    in_graph: bool
    needs: str


_objectives: dict[str, Objective] = {}


def objective(
    name: str, takes: str = TOKENS, in_graph: bool = True, needs: str = ""
) -> Callable[[Callable], Callable]:
    """Registers the function below it as an objective.

    Args:
      name: by which configs ask for it.
      takes: `TOKENS`, `MELODIES` or `TEXT`; see `Objective`.
      in_graph: see `Objective`.
      needs: see `Objective`.

    Raises:
      UserError: another function has the name, or it is `BLEU`.
      ValueError: an objective takes nothing of that kind.
    """
    if takes not in _KINDS:
        raise ValueError(
            f"an objective takes {TOKENS!r}, {MELODIES!r} or {TEXT!r}, not "
            f"{takes!r}"
        )

    def register(function: Callable) -> Callable:
        if name == BLEU:
            raise UserError(
                f"{_place(function)} cannot be the objective {name!r}, which "
                "is BLEU against the training data; rename it"
            )
        other = _objectives.get(name)
        # A module that is loaded again may define its own anew.
        if other is not None and _place(other.function) != _place(function):
            raise UserError(
                f"{_place(other.function)} and {_place(function)} are both "
                f"the objective {name!r}; rename one"
            )
        _objectives[name] = Objective(function, takes, in_graph, needs)
        return function

    return register


def names() -> list[str]:
    """Returns the names of all objectives, built in or loaded."""
    load(_BUILT_IN)
    return sorted(_objectives)


def get(name: str) -> Objective:
    """Returns an objective.

    Raises:
      UserError: there is none of that name.
    """
    if name not in names():
        raise UserError(
            f"there is no objective {name!r}; choose one of {BLEU}, "
            f"{', '.join(names())}, or name the module that defines it in "
            "config.reward.objective_modules"
        )
    return _objectives[name]


def ready(name: str) -> Objective:
    """Returns an objective that can be called here.

    A model that has learnt by it is used without.

    Raises:
      UserError: as `get`, or the package that it needs is not installed.
    """
    found = get(name)
    if found.needs and importlib.util.find_spec(found.needs) is None:
        raise UserError(
            f"the objective {name!r} needs the package {found.needs}; "
            f"install it: pip install {found.needs}"
        )
    return found


def load(modules: Iterable[str]) -> None:
    """Imports modules, which register their objectives.

    Args:
      modules: dotted names, such as `my_package.rewards`.

    Raises:
      UserError: one cannot be imported, or takes a name that is taken.
    """
    for module in modules:
        try:
            importlib.import_module(module)
        except UserError:
            raise
        except Exception as error:  # A user's module may fail in any way.
            reason = " ".join(f"{type(error).__name__}: {error}".split())
            raise UserError(
                f"the module of objectives {module!r} cannot be imported "
                f"({reason}); mend it, or name its folder in PYTHONPATH"
            ) from error


def _place(function: Callable) -> str:
    return f"{function.__module__}.{function.__qualname__}"
