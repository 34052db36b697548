"""Rules of place: move, meet, follow, orbit, swap."""

from __future__ import annotations

from dataclasses import replace

from tfstory.datasets.shape_stories.grammar import the_place
from tfstory.datasets.shape_stories.objects import (
    BORDER_PLACES,
    STEPS,
    SceneObject,
)
from tfstory.datasets.shape_stories.rules.base import Beat, Casting, Plot, Rule

_WALKING = ("moves", "rolls", "slides", "walks", "hops")
_NOT_LARGE = ("small", "medium")


def _put(item: SceneObject, across: bool, along: int, lane: int) -> SceneObject:
    """The object at a step of a row (`across`) or of a column."""
    x, y = (along, lane) if across else (lane, along)
    return replace(item, x=STEPS[x], y=STEPS[y])


def _play_move(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    across = lots.chance(0.5)
    lane = lots.below(len(STEPS))
    stride = 1 + lots.below(2)
    way = lots.pick((-1, 1))
    at = lots.below(len(STEPS))
    hero = _put(casting.hero(), across, at, lane)
    names = ("to the left", "to the right") if across else ("up", "down")
    beats = [Beat((hero,))]
    for _ in range(frames - 1):
        event = "go"
        if not 0 <= at + way * stride < len(STEPS):
            way = -way
            event = "turn"
        at += way * stride
        slots = {
            "steps": "one step" if stride == 1 else "two steps",
            "way": names[way > 0],
        }
        beats.append(Beat((_put(hero, across, at, lane),), event, slots))
    return Plot(tuple(beats), (hero,))


MOVE = Rule(
    "move",
    _play_move,
    (
        {
            "go": "{hero} ~ {verb} {steps} {way}.",
            "turn": "{hero} turns back and ~ {verb} {steps} {way}.",
        },
        {
            "go": "{hero} goes on and ~ {verb} {steps} {way}.",
            "turn": "{hero} turns around and ~ {verb} {steps} {way}.",
        },
        {
            "go": "see how {hero} ~ {verb} {steps} {way}.",
            "turn": "see how {hero} turns and ~ {verb} {steps} {way}.",
        },
        {
            "go": "with {steps} {way}, {hero} ~ {verb} on.",
            "turn": "with a turn and {steps} {way}, {hero} ~ {verb} on.",
        },
    ),
    verbs=_WALKING,
)


def _play_meet(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    across = lots.chance(0.5)
    lane = lots.below(len(STEPS))
    hero_first = lots.chance(0.5)
    # Steps that each has come from its end, over and over.
    come = (0, 1, 2, 1)
    events = ("far", "come", "meet", "part")
    start = lots.below(4)
    hero = casting.hero(_NOT_LARGE)
    other = casting.another(_NOT_LARGE)

    def objects(moment: int) -> tuple[SceneObject, ...]:
        ends = (come[moment % 4], len(STEPS) - 1 - come[moment % 4])
        if not hero_first:
            ends = ends[::-1]
        return (
            _put(hero, across, ends[0], lane),
            _put(other, across, ends[1], lane),
        )

    beats = tuple(
        Beat(objects(moment), events[moment % 4])
        for moment in range(start, start + frames)
    )
    return Plot(beats, beats[0].objects)


MEET = Rule(
    "meet",
    _play_meet,
    (
        {
            "come": "{hero} and {other} ~ come closer.",
            "meet": "{hero} and {other} ~ meet in the middle.",
            "part": "{hero} and {other} ~ step apart.",
            "far": "{hero} and {other} ~ step far apart.",
        },
        {
            "come": "{hero} ~ comes closer to {other}.",
            "meet": "{hero} ~ meets {other} in the middle.",
            "part": "{hero} ~ steps away from {other}.",
            "far": "{hero} ~ goes far away from {other}.",
        },
        {
            "come": "see how {hero} and {other} ~ get closer.",
            "meet": "see how {hero} and {other} ~ meet.",
            "part": "see how {hero} and {other} ~ part.",
            "far": "see how {hero} and {other} ~ go far apart.",
        },
    ),
)


def _around(item: SceneObject, place: int) -> SceneObject:
    _, x, y = BORDER_PLACES[place % 8]
    return replace(item, x=x, y=y)


def _place(place: int) -> str:
    return the_place(BORDER_PLACES[place % 8][0])


def _play_follow(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    way = lots.pick((-1, 1))
    lag = 1 + lots.below(2)
    at = lots.below(8)
    hero = casting.hero(_NOT_LARGE)
    other = casting.another(_NOT_LARGE)
    beats = []
    for moment in range(frames):
        place = at + way * moment
        objects = (_around(hero, place), _around(other, place - way * lag))
        beats.append(Beat(objects, slots={"place": _place(place)}))
    return Plot(tuple(beats), beats[0].objects)


FOLLOW = Rule(
    "follow",
    _play_follow,
    (
        {"go": "{hero} ~ {verb} to {place} and {other} follows."},
        {"go": "{other} follows as {hero} ~ {verb} to {place}."},
        {"go": "to {place} ~ {verb} {hero}, and {other} comes after."},
        {"go": "{other} comes behind {hero}, who ~ {verb} to {place}."},
    ),
    verbs=_WALKING,
)


def _play_orbit(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    way = lots.pick((-2, -1, 1, 2))
    at = lots.below(8)
    hero = casting.hero(_NOT_LARGE)
    centre = casting.another(("medium", "large"), 0.5, 0.5)
    beats = tuple(
        Beat(
            (centre, _around(hero, at + way * moment)),
            slots={"place": _place(at + way * moment)},
        )
        for moment in range(frames)
    )
    return Plot(beats, (_around(hero, at), centre))


ORBIT = Rule(
    "orbit",
    _play_orbit,
    (
        {"go": "{hero} ~ {verb} around {other} to {place}."},
        {"go": "around {other}, {hero} ~ {verb} to {place}."},
        {"go": "{hero} ~ {verb} to {place} on a path around {other}."},
        {"go": "on the way around {other}, {hero} ~ reaches {place}."},
    ),
    verbs=(*_WALKING, "flies", "runs"),
)


def _play_swap(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    across = lots.chance(0.5)
    lane = lots.below(len(STEPS))
    count = 2 + lots.below(2)
    spots = (0, 3, 6) if count == 3 else lots.pick(((0, 6), (1, 5), (0, 3)))
    cast = [casting.hero(_NOT_LARGE)]
    cast += [casting.another(_NOT_LARGE) for _ in range(count - 1)]
    order = lots.draw(range(count), count)
    # With three, the pair that swaps is now the first two, now the last two.
    left = lots.below(count - 1)

    def objects() -> tuple[SceneObject, ...]:
        return tuple(
            _put(item, across, spots[order.index(who)], lane)
            for who, item in enumerate(cast)
        )

    beats = [Beat(objects())]
    for _ in range(frames - 1):
        slots = {"first": order[left], "second": order[left + 1]}
        order[left], order[left + 1] = order[left + 1], order[left]
        beats.append(Beat(objects(), slots=slots))
        left = (left + 1) % (count - 1)
    return Plot(tuple(beats), beats[0].objects)


SWAP = Rule(
    "swap",
    _play_swap,
    (
        {"go": "{first} ~ swaps places with {second}."},
        {"go": "{first} and {second} ~ change places."},
        {"go": "{first} ~ takes the place of {second}."},
        {"go": "{second} ~ gives the place to {first}."},
    ),
)

RULES = (MOVE, MEET, FOLLOW, ORBIT, SWAP)
