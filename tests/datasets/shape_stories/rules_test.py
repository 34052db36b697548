"""Each rule does what its name says, from frame to frame."""

import itertools

import pytest

from tfstory.datasets.lots import Lots
from tfstory.datasets.shape_stories.objects import BORDER_PLACES, STEPS
from tfstory.datasets.shape_stories.rules import RULES
from tfstory.datasets.shape_stories.rules.base import Casting

FRAMES = 8
BY_NAME = {rule.name: rule for rule in RULES}
STEP = STEPS[1] - STEPS[0]
PLACES = {(x, y): i for i, (_, x, y) in enumerate(BORDER_PLACES)}


def plots(name, count=100):
    rule = BY_NAME[name]
    shape = "arrow" if "arrow" in rule.shapes else "circle"
    for key in range(count):
        casting = Casting(Lots(f"rule/{key}"), "red", shape)
        yield rule.play(casting, FRAMES)


def heroes(plot):
    return [beat.objects[0] for beat in plot.beats]


def pairs(items):
    return list(zip(items, items[1:], strict=False))


def test_there_are_at_least_eight_rules():
    assert len(BY_NAME) == len(RULES) == 15


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_objects_stay_inside_the_picture(name):
    for plot in plots(name):
        assert len(plot.beats) == FRAMES
        for beat, item in ((b, o) for b in plot.beats for o in b.objects):
            for centre in (item.x, item.y):
                assert item.radius <= centre <= 1 - item.radius, beat


@pytest.mark.parametrize("name", sorted(set(BY_NAME) - {"hide"}))
def test_objects_do_not_cover_each_other(name):
    for plot in plots(name):
        for beat in plot.beats:
            for one, other in itertools.combinations(beat.objects, 2):
                distance = (
                    (one.x - other.x) ** 2 + (one.y - other.y) ** 2
                ) ** 0.5
                assert distance > one.radius + other.radius


def test_move_keeps_its_stride_and_turns_only_at_the_edge():
    for plot in plots("move"):
        steps = []
        for (old, new), beat in zip(
            pairs(heroes(plot)), plot.beats[1:], strict=True
        ):
            dx, dy = new.x - old.x, new.y - old.y
            assert min(abs(dx), abs(dy)) == 0
            steps.append(dx + dy)
            words = {
                "to the left": dx < 0,
                "to the right": dx > 0,
                "up": dy < 0,
                "down": dy > 0,
            }
            assert words[beat.slots["way"]]
            stride = {"one step": 1, "two steps": 2}[beat.slots["steps"]]
            assert abs(dx + dy) == pytest.approx(stride * STEP, abs=1e-3)
            # Where there was room to go on, it did.
            at = old.x + old.y - (old.x if dx == 0 else old.y)
            if beat.event == "turn" and len(steps) > 1:
                assert steps[-1] == pytest.approx(-steps[-2], abs=1e-3)
                assert not 0.14 < at + steps[-2] < 0.86
            elif len(steps) > 1:
                assert steps[-1] == pytest.approx(steps[-2], abs=1e-3)


def test_meet_comes_together_and_parts():
    for plot in plots("meet"):
        gaps = []
        for beat in plot.beats:
            one, other = beat.objects
            gaps.append(abs(one.x - other.x) + abs(one.y - other.y))
        for (old, new), beat in zip(pairs(gaps), plot.beats[1:], strict=True):
            assert (new < old) == (beat.event in ("come", "meet"))
            assert (beat.event == "meet") == (new == min(gaps))
            assert (beat.event == "far") == (new == max(gaps))


def test_follow_goes_where_the_leader_was():
    for plot in plots("follow"):
        trail = [(o.x, o.y) for o in heroes(plot)]
        for moment in range(2, FRAMES):
            follower = plot.beats[moment].objects[1]
            assert (follower.x, follower.y) in trail[moment - 2 : moment]


def test_orbit_goes_around_in_one_direction():
    for plot in plots("orbit"):
        centre = plot.beats[0].objects[0]
        assert all(beat.objects[0] == centre for beat in plot.beats)
        spots = [PLACES[b.objects[1].x, b.objects[1].y] for b in plot.beats]
        turns = {(new - old) % 8 for old, new in pairs(spots)}
        assert len(turns) == 1
        assert turns < {1, 2, 6, 7}
        for spot, beat in zip(spots, plot.beats, strict=True):
            assert BORDER_PLACES[spot][0] in beat.slots["place"]


def test_swap_exchanges_the_two_that_are_named():
    for plot in plots("swap"):
        for old, new in pairs(plot.beats):
            moved = {
                who
                for who, item in enumerate(old.objects)
                if new.objects[who] != item
            }
            one, other = new.slots["first"], new.slots["second"]
            assert moved == {one, other}
            before, after = old.objects[one], new.objects[other]
            assert (before.x, before.y) == (after.x, after.y)


@pytest.mark.parametrize(("name", "sign"), [("grow", 1), ("shrink", -1)])
def test_growth_is_even(name, sign):
    for plot in plots(name):
        rates = {
            round(sign * (new.radius - old.radius), 4)
            for old, new in pairs(heroes(plot))
        }
        assert len(rates) == 1
        assert rates < {0.014, 0.022}


def test_pulse_tells_sizes_as_they_are():
    for plot in plots("pulse"):
        for (old, new), beat in zip(
            pairs(heroes(plot)), plot.beats[1:], strict=True
        ):
            assert beat.slots == {"old": old.size, "new": new.size}
            assert (beat.event == "grow") == (new.radius > old.radius)


@pytest.mark.parametrize(
    ("name", "part"), [("recolour", "colour"), ("reshape", "shape")]
)
def test_looks_change_in_a_cycle(name, part):
    for plot in plots(name):
        looks = [getattr(item, part) for item in heroes(plot)]
        period = len(set(looks))
        assert 2 <= period <= 4
        assert looks[period:] == looks[:-period]
        for (old, new), beat in zip(pairs(looks), plot.beats[1:], strict=True):
            assert beat.slots["old"].split()[-1] == old
            assert beat.slots["new"].split()[-1] == new


def test_rotate_turns_by_the_same_angle():
    for plot in plots("rotate"):
        turns = {
            (new.angle - old.angle) % 360 for old, new in pairs(heroes(plot))
        }
        assert len(turns) == 1
        assert turns < {90, 180, 270}
        for item, beat in zip(heroes(plot), plot.beats, strict=True):
            names = ("up", "right", "down", "left")
            assert beat.slots["way"] == names[item.angle // 90]


def test_hide_is_every_other_frame_and_complete():
    for plot in plots("hide"):
        seen = [item.visible for item in heroes(plot)]
        assert all(old != new for old, new in pairs(seen))
        for beat in plot.beats:
            hero, cover = beat.objects
            assert (beat.event == "hide") == (not hero.visible)
            assert hero.visible == ((hero.x, hero.y) != (cover.x, cover.y))
            sides = {
                "left": hero.x < cover.x,
                "right": hero.x > cover.x,
                "top": hero.y < cover.y,
                "bottom": hero.y > cover.y,
            }
            assert not hero.visible or sides[beat.slots["side"]]


def test_appear_adds_one_next_to_the_last():
    for plot in plots("appear"):
        for old, new in pairs(plot.beats):
            assert new.objects[:-1] == old.objects
            one, other = new.objects[-2:]
            turn = PLACES[other.x, other.y] - PLACES[one.x, one.y]
            assert turn % 8 in (1, 7)
            assert other.colour in new.slots["thing"]


def test_count_tells_how_many_there_are():
    numbers = "zero one two three four five six seven eight".split()
    for plot in plots("count"):
        counts = [len(beat.objects) for beat in plot.beats]
        assert len({new - old for old, new in pairs(counts)}) == 1
        assert [b.slots["number"] for b in plot.beats] == [
            numbers[count] for count in counts
        ]


def test_blink_shows_one_at_a_time_in_turn():
    for plot in plots("blink"):
        shown = [plot.cast.index(beat.objects[0]) for beat in plot.beats]
        assert all(len(beat.objects) == 1 for beat in plot.beats)
        assert all(
            (new - old) % len(plot.cast) == 1 for old, new in pairs(shown)
        )
        for (old, new), beat in zip(pairs(shown), plot.beats[1:], strict=True):
            assert beat.slots == {"gone": old, "shown": new}
