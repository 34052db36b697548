"""What a rule is: a plot of scenes, and the voices that can tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from tfstory.datasets.lots import Lots
from tfstory.datasets.shape_stories.objects import (
    COLOURS,
    SHAPES,
    SIZES,
    SceneObject,
)


@dataclass(frozen=True)
class Beat:
    """One frame of a plot.

    Attributes:
      objects: the objects that take part, the rearmost first.
      event: which of a voice's templates tells the frame.
      slots: values for the template; an integer stands for the member of
          the cast that is to be named there.
    """

    objects: tuple[SceneObject, ...]
    event: str = "go"
    slots: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class Plot:
    """A rule played by a cast, frame by frame.

    Attributes:
      beats: the frames.
      cast: the objects that sentences name, the hero first, as they are in
          the first frame; none where sentences name no single object.
    """

    beats: tuple[Beat, ...]
    cast: tuple[SceneObject, ...]


@dataclass(frozen=True)
class Rule:
    """One way for a story to go on.

    Attributes:
      name: what the story's `rule` field says.
      play: makes the plot from the casting and the count of frames.
      voices: ways to tell it; each maps every event to a template, where
          `{hero}` and `{other}` name the cast, `{verb}` is a verb of the
          story's own and `~` a place for a free adverb.
      verbs: what `{verb}` can be.
      shapes: the shapes that can play the hero.
      unsaid: parts of a name ("size", "colour", "shape") that the rule
          changes, so that names leave them out.
      intros: first sentences, where the usual ones do not fit.
    """

    name: str
    play: Callable[[Casting, int], Plot]
    voices: tuple[Mapping[str, str], ...]
    verbs: tuple[str, ...] = ("moves",)
    shapes: tuple[str, ...] = SHAPES
    unsaid: frozenset[str] = frozenset()
    intros: tuple[str, ...] = ()


class Casting:
    """Makes a story's objects, no two of one colour or shape.

    Args:
      lots: the story's random stream.
      hero_colour: the first object's colour.
      hero_shape: the first object's shape.
      forbidden: the (colour, shape) pairs that the hero must not turn
          into.
    """

    def __init__(
        self,
        lots: Lots,
        hero_colour: str,
        hero_shape: str,
        forbidden: frozenset[tuple[str, str]] = frozenset(),
    ):
        self.lots = lots
        self.colour = hero_colour
        self.shape = hero_shape
        self._forbidden = forbidden
        self._colours = [c for c in COLOURS if c != hero_colour]
        self._shapes = [s for s in SHAPES if s != hero_shape]

    def new_colour(self) -> str:
        """A colour that nothing in the story has yet."""
        return self._colours.pop(self.lots.below(len(self._colours)))

    def new_shape(self, among: Iterable[str] = SHAPES) -> str:
        """A shape that nothing in the story has yet."""
        shape = self.lots.pick([s for s in self._shapes if s in among])
        self._shapes.remove(shape)
        return shape

    def colour_cycle(self, count: int) -> list[str]:
        """The hero's colour and new ones that its shape may take on."""
        fit = [c for c in self._colours if self._may_be(c, self.shape)]
        return self._cycle(self.colour, fit, self._colours, count)

    def shape_cycle(self, count: int) -> list[str]:
        """The hero's shape and new ones that its colour may take on."""
        fit = [s for s in self._shapes if self._may_be(self.colour, s)]
        return self._cycle(self.shape, fit, self._shapes, count)

    def _may_be(self, colour: str, shape: str) -> bool:
        return (colour, shape) not in self._forbidden

    def _cycle(
        self, first: str, fit: list[str], unused: list[str], count: int
    ) -> list[str]:
        cycle = self.lots.draw(fit, min(count - 1, len(fit)))
        for name in cycle:
            unused.remove(name)
        return [first, *cycle]

    def hero(
        self, sizes: Iterable[str] = SIZES, x: float = 0.5, y: float = 0.5
    ) -> SceneObject:
        """The hero, in one of these sizes."""
        radius = SIZES[self.lots.pick(tuple(sizes))]
        return SceneObject(self.shape, self.colour, x, y, radius)

    def another(
        self,
        sizes: Iterable[str] = SIZES,
        x: float = 0.5,
        y: float = 0.5,
        shapes: Iterable[str] = SHAPES,
    ) -> SceneObject:
        """One more object, of a new colour and shape."""
        radius = SIZES[self.lots.pick(tuple(sizes))]
        return SceneObject(
            self.new_shape(shapes), self.new_colour(), x, y, radius
        )
