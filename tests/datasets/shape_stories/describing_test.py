"""A described scene can be drawn again from its words."""

import re

import pytest

from tfstory.datasets.shape_stories import generate_stories, generate_story
from tfstory.datasets.shape_stories.describing import GROUNDS, describe
from tfstory.datasets.shape_stories.drawing import BACKGROUNDS
from tfstory.datasets.shape_stories.objects import STEPS, SceneObject


def test_a_scene_in_words():
    objects = [
        SceneObject("circle", "orange", STEPS[0], STEPS[6], 0.14),
        SceneObject("ring", "red", 0.5, 0.5, 0.10),
        SceneObject("star", "blue", STEPS[5], STEPS[2], 0.07),
        SceneObject("moon", "pink", 0.5, 0.5, 0.07, visible=False),
    ]
    assert describe(objects, 5) == (
        "By the sea we see a large orange circle far left at the very bottom, "
        "a medium red ring in the middle and a small blue star right above the "
        "middle."
    )
    assert describe(objects[1:2], 0) == (
        "On white paper we see a medium red ring in the middle."
    )


def test_the_order_of_drawing_does_not_show():
    objects = [
        SceneObject("circle", "orange", STEPS[6], STEPS[0], 0.14),
        SceneObject("ring", "red", STEPS[2], STEPS[3], 0.10),
        SceneObject("star", "blue", STEPS[2], STEPS[1], 0.07),
    ]
    assert describe(objects, 0) == describe(objects[::-1], 0)
    assert describe(objects, 0) == (
        "On white paper we see a small blue star half left near the top, a "
        "medium red ring half left in the middle and a large orange circle far "
        "right at the very top."
    )


def test_what_is_alike_is_counted():
    alike = [
        SceneObject("ring", "red", x, 0.35, 0.07) for x in (0.14, 0.38, 0.62)
    ]
    assert describe(
        [*alike, SceneObject("star", "pink", 0.5, 0.5, 0.1)], 0
    ) == (
        "On white paper we see three small red rings in two rows and a medium "
        "pink star in the middle."
    )


def test_no_two_things_have_the_same_words():
    """Every place, size and ground is told apart from every other."""
    told = {
        describe([SceneObject("ring", "red", x, y, radius)], 0)
        for x in STEPS
        for y in STEPS
        for radius in (0.07, 0.10, 0.14)
    }
    assert len(told) == 7 * 7 * 3
    assert len(set(GROUNDS)) == len(GROUNDS) == len(BACKGROUNDS)


def test_a_described_story_differs_in_its_first_sentence_alone():
    for index in range(20):
        plain = generate_story(3, "train", index)
        described = generate_story(3, "train", index, described=True)
        assert described.images == plain.images
        assert described.sentences[1:] == plain.sentences[1:]
        assert described.decided[1:] == plain.decided[1:]
        first = described.sentences[0].removeprefix(plain.sentences[0] + " ")
        assert described.decided[0] == f"{plain.decided[0]} {first}"
        seen = [item for item in plain.scenes[0] if item.visible]
        listed = first.partition(" we see ")[2]
        looks = [f"{i.size} {i.colour} {i.shape}" for i in seen]
        alone = [look for look in looks if looks.count(look) == 1]
        assert len(re.findall(r"\ban? ", listed)) == len(alone)
        for item in seen:
            assert f"{item.size} {item.colour} {item.shape}" in first


@pytest.mark.parametrize("described", [False, True])
def test_all_backgrounds_are_told(described):
    """By a described story's words, and by no other's."""
    told = {
        ground
        for story in generate_stories(1, "train", 120, 32, described)
        for ground in GROUNDS
        if ground in story.sentences[0].lower()
    }
    assert told == (set(GROUNDS) if described else set())
