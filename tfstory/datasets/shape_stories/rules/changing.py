"""Rules of looks: grow, shrink, pulse, recolour, reshape, rotate."""

from __future__ import annotations

from dataclasses import replace

from tfstory.datasets.shape_stories.grammar import with_article
from tfstory.datasets.shape_stories.objects import SIZES, STEPS
from tfstory.datasets.shape_stories.rules.base import Beat, Casting, Plot, Rule

_LONGEST = 8
_SMALLEST_RADIUS = 0.05


def _somewhere(casting: Casting, count: int = 7) -> dict[str, float]:
    """A place on the middle `count` steps of both axes."""
    first = (len(STEPS) - count) // 2
    return {
        axis: STEPS[first + casting.lots.below(count)] for axis in ("x", "y")
    }


def _play_growth(casting: Casting, frames: int, grows: bool) -> Plot:
    rate, degree = casting.lots.pick(((0.014, "a little"), (0.022, "much")))
    hero = casting.hero(**_somewhere(casting, 3))
    beats = []
    for moment in range(frames):
        steps = moment if grows else _LONGEST - 1 - moment
        radius = round(_SMALLEST_RADIUS + rate * steps, 4)
        item = replace(hero, radius=radius)
        beats.append(Beat((item,), slots={"degree": degree}))
    return Plot(tuple(beats), beats[0].objects)


GROW = Rule(
    "grow",
    lambda casting, frames: _play_growth(casting, frames, True),
    (
        {"go": "{hero} ~ grows and is {degree} bigger."},
        {"go": "{hero} ~ becomes {degree} bigger than before."},
        {"go": "see how {hero} ~ gets {degree} bigger."},
        {"go": "{degree} bigger is what {hero} ~ becomes."},
    ),
    unsaid=frozenset({"size"}),
)

SHRINK = Rule(
    "shrink",
    lambda casting, frames: _play_growth(casting, frames, False),
    (
        {"go": "{hero} ~ shrinks and is {degree} smaller."},
        {"go": "{hero} ~ becomes {degree} smaller than before."},
        {"go": "see how {hero} ~ gets {degree} smaller."},
        {"go": "{degree} smaller is what {hero} ~ becomes."},
    ),
    unsaid=frozenset({"size"}),
)


def _play_pulse(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    sizes = lots.pick(
        (
            ("small", "medium", "large"),
            ("large", "medium", "small"),
            ("small", "medium", "large", "medium"),
            ("small", "large"),
            ("medium", "large"),
            ("small", "medium"),
        )
    )
    start = lots.below(len(sizes))
    hero = casting.hero(**_somewhere(casting))
    beats = []
    for moment in range(frames):
        old = sizes[(start + moment - 1) % len(sizes)]
        new = sizes[(start + moment) % len(sizes)]
        event = "grow" if SIZES[new] > SIZES[old] else "shrink"
        item = replace(hero, radius=SIZES[new])
        beats.append(Beat((item,), event, {"old": old, "new": new}))
    return Plot(tuple(beats), beats[0].objects)


PULSE = Rule(
    "pulse",
    _play_pulse,
    (
        {
            "grow": "{hero} ~ grows from {old} to {new}.",
            "shrink": "{hero} ~ shrinks from {old} to {new}.",
        },
        {
            "grow": "{hero} ~ grows and is {new}.",
            "shrink": "{hero} ~ shrinks and is {new}.",
        },
        {
            "grow": "{hero}, once {old}, ~ becomes {new}.",
            "shrink": "{hero}, once {old}, ~ becomes {new}.",
        },
    ),
    unsaid=frozenset({"size"}),
)


def _play_recolour(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    hero = casting.hero(("medium", "large"), **_somewhere(casting))
    cycle = casting.colour_cycle(2 + lots.below(3))
    count = len(cycle)
    beats = []
    for moment in range(frames):
        old, new = cycle[(moment - 1) % count], cycle[moment % count]
        item = replace(hero, colour=new)
        beats.append(Beat((item,), slots={"old": old, "new": new}))
    return Plot(tuple(beats), (hero,))


RECOLOUR = Rule(
    "recolour",
    _play_recolour,
    (
        {"go": "{hero} ~ turns from {old} to {new}."},
        {"go": "the colour of {hero} ~ changes to {new}."},
        {"go": "{hero}, once {old}, ~ becomes {new}."},
        {"go": "{hero} ~ takes on the colour {new}."},
    ),
    unsaid=frozenset({"colour"}),
)


def _play_reshape(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    hero = casting.hero(("medium", "large"), **_somewhere(casting))
    cycle = casting.shape_cycle(2 + lots.below(3))
    count = len(cycle)
    beats = []
    for moment in range(frames):
        old, new = cycle[(moment - 1) % count], cycle[moment % count]
        slots = {"old": with_article(old), "new": with_article(new)}
        beats.append(Beat((replace(hero, shape=new),), slots=slots))
    return Plot(tuple(beats), (hero,))


RESHAPE = Rule(
    "reshape",
    _play_reshape,
    (
        {"go": "{hero} ~ turns from {old} into {new}."},
        {"go": "the form of {hero} ~ changes to {new}."},
        {"go": "{hero}, once {old}, ~ becomes {new}."},
        {"go": "{hero} ~ takes on the form of {new}."},
    ),
    unsaid=frozenset({"shape"}),
)

# Where each shape points when it is upright, clockwise from up.
_POINTS = {"triangle": 0, "arrow": 0, "heart": 180}
_DIRECTIONS = ("up", "right", "down", "left")


def _play_rotate(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    turn = lots.pick((90, 90, 180, -90, -90))
    first = 90 * lots.below(4)
    hero = casting.hero(("medium", "large"), **_somewhere(casting))
    beats = []
    for moment in range(frames):
        angle = (first + turn * moment) % 360
        points = (angle + _POINTS[hero.shape]) % 360 // 90
        slots = {"way": _DIRECTIONS[points]}
        beats.append(Beat((replace(hero, angle=angle),), slots=slots))
    return Plot(tuple(beats), beats[0].objects)


ROTATE = Rule(
    "rotate",
    _play_rotate,
    (
        {"go": "{hero} ~ turns and points {way}."},
        {"go": "{hero} ~ spins around to point {way}."},
        {"go": "see how {hero} ~ turns to point {way}."},
        {"go": "{way} is where {hero} ~ points after the turn."},
    ),
    shapes=tuple(_POINTS),
)

RULES = (GROW, SHRINK, PULSE, RECOLOUR, RESHAPE, ROTATE)
