"""Rules of presence: hide, appear, count, blink."""

from __future__ import annotations

from dataclasses import replace

from tfstory.datasets.shape_stories.grammar import (
    NUMBERS,
    at_place,
    plural,
    with_article,
)
from tfstory.datasets.shape_stories.objects import (
    BORDER_PLACES,
    SIZES,
    STEPS,
    SceneObject,
)
from tfstory.datasets.shape_stories.rules.base import Beat, Casting, Plot, Rule

_NOT_LARGE = ("small", "medium")
# Large ones of these cover a small object of any shape.
_COVERS = ("circle", "square", "diamond")


def _play_hide(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    across = lots.chance(0.5)
    lane, middle = STEPS[lots.below(7)], STEPS[2 + lots.below(3)]
    # Offsets from the cover: peeping out on one side, or on both in turn.
    offsets = lots.pick(((-2, 0), (2, 0), (-2, 0, 2, 0)))
    start = lots.below(len(offsets))
    x, y = (middle, lane) if across else (lane, middle)
    hero = casting.hero(("small",))
    cover = casting.another(("large",), x, y, _COVERS)
    names = ("left", "right") if across else ("top", "bottom")
    beats = []
    for moment in range(start, start + frames):
        offset = offsets[moment % len(offsets)]
        shift = round((STEPS[1] - STEPS[0]) * offset, 4)
        item = replace(
            hero,
            x=round(x + shift * across, 4),
            y=round(y + shift * (not across), 4),
            visible=offset != 0,
        )
        event = "show" if offset else "hide"
        beats.append(Beat((item, cover), event, {"side": names[offset > 0]}))
    return Plot(tuple(beats), (hero, cover))


HIDE = Rule(
    "hide",
    _play_hide,
    (
        {
            "hide": "{hero} ~ hides behind {other}.",
            "show": "{hero} ~ comes out at the {side} of {other}.",
        },
        {
            "hide": "{other} ~ covers {hero} completely.",
            "show": "{hero} ~ looks out at the {side} of {other}.",
        },
        {
            "hide": "{hero} ~ slips behind {other} again.",
            "show": "at the {side} of {other}, {hero} ~ shows up.",
        },
    ),
)


def _play_appear(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    way = lots.pick((-1, 1))
    at = lots.below(8)
    radius = SIZES[lots.pick(_NOT_LARGE)]
    colours = casting.colour_cycle(1 + lots.below(3))
    objects: tuple[SceneObject, ...] = ()
    beats = []
    for moment in range(frames):
        place = at + way * moment
        name, x, y = BORDER_PLACES[place % 8]
        colour = colours[moment % len(colours)]
        objects += (SceneObject(casting.shape, colour, x, y, radius),)
        what = f"{colour} {casting.shape}"
        slots = {"thing": with_article(what), "place": at_place(name)}
        beats.append(Beat(objects, slots=slots))
    return Plot(tuple(beats), ())


APPEAR = Rule(
    "appear",
    _play_appear,
    (
        {"go": "{thing} ~ appears {place}."},
        {"go": "{place} {thing} ~ appears."},
        {"go": "{thing} ~ comes to stand {place}."},
        {"go": "{place} we ~ find {thing} too."},
    ),
    intros=(
        "the first to come is {thing} {place}.",
        "at first there is only {thing} {place}.",
        "the story begins with {thing} {place}.",
    ),
)

_COUNTING_X = (0.14, 0.38, 0.62, 0.86)
_COUNTING_Y = (0.35, 0.65)


def _play_count(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    up = lots.chance(0.7)
    size = lots.pick(_NOT_LARGE)
    spare = lots.below(len(NUMBERS) - frames + 1)
    places = [(x, y) for y in _COUNTING_Y for x in _COUNTING_X]
    objects = tuple(
        SceneObject(casting.shape, casting.colour, x, y, SIZES[size])
        for x, y in places
    )
    beats = []
    for moment in range(frames):
        number = 1 + spare + (moment if up else frames - 1 - moment)
        noun = casting.shape if number == 1 else plural(casting.shape)
        slots = {
            "number": NUMBERS[number - 1],
            "things": f"{size} {casting.colour} {noun}",
            "are": "is" if number == 1 else "are",
            "stand": "stands" if number == 1 else "stand",
            "change": "one more ~ comes" if up else "one of them ~ leaves",
        }
        beats.append(Beat(objects[:number], slots=slots))
    return Plot(tuple(beats), ())


COUNT = Rule(
    "count",
    _play_count,
    (
        {"go": "{number} {things} ~ {stand} here."},
        {"go": "{change} and there {are} {number} {things}."},
        {"go": "we ~ count {number} {things} this time."},
        {"go": "{change} and we see {number} {things}."},
    ),
    intros=(
        "the story begins with {number} {things}.",
        "at first there {are} {number} {things} here.",
        "look at {number} {things} to begin.",
    ),
)


def _play_blink(casting: Casting, frames: int) -> Plot:
    lots = casting.lots
    count = 2 + lots.below(2)
    places = lots.draw(BORDER_PLACES, count)
    cast = []
    for i, (_, x, y) in enumerate(places):
        make = casting.another if i else casting.hero
        cast.append(make(("small", "medium", "large"), x, y))
    start = lots.below(count)
    beats = []
    for moment in range(start, start + frames):
        shown, gone = moment % count, (moment - 1) % count
        slots = {"shown": shown, "gone": gone}
        beats.append(Beat((cast[shown],), slots=slots))
    return Plot(tuple(beats), tuple(cast))


BLINK = Rule(
    "blink",
    _play_blink,
    (
        {"go": "{gone} ~ goes away and {shown} appears."},
        {"go": "{shown} ~ takes a turn and {gone} goes."},
        {"go": "{gone} leaves, and {shown} ~ shows up."},
        {"go": "{shown} ~ shows up when {gone} leaves."},
    ),
)

RULES = (HIDE, APPEAR, COUNT, BLINK)
