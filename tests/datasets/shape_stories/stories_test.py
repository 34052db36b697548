"""Stories repeat from their seed, hold out heroes, and come fast."""

import hashlib
import itertools
import os
import subprocess
import sys
import time

import pytest

from tfstory.datasets import splits
from tfstory.datasets.shape_stories import generate_stories, generate_story
from tfstory.datasets.shape_stories.holdout import (
    held_out_elsewhere,
    heroes,
)
from tfstory.datasets.shape_stories.objects import COLOURS, SHAPES
from tfstory.datasets.shape_stories.rules import RULES

GOLDEN = "5b93582c5635c31a4968eec4f03045b8422bb29a049633b4bbf631d817c826f9"
# Rules where all that takes part is the hero, or like the hero.
HERO_ALONE = {
    *("move", "grow", "shrink", "pulse", "recolour", "reshape", "rotate"),
    *("appear", "count"),
}

DIGEST_PROGRAM = """
import hashlib
from tfstory.datasets.shape_stories import generate_stories
digest = hashlib.sha256()
for story in generate_stories(3, "test", 40):
    digest.update(repr(story).encode())
print(digest.hexdigest())
"""


@pytest.fixture(scope="module")
def many():
    counts = {"train": 1000, "validation": 300, "test": 300}
    return {s: list(generate_stories(11, s, counts[s])) for s in splits.SPLITS}


def content_digest(stories):
    """A digest of everything but the pictures' encoding."""
    digest = hashlib.sha256()
    for story in stories:
        parts = (story.story_id, story.rule, story.sentences, story.decided)
        digest.update(repr((*parts, story.scenes)).encode())
    return digest.hexdigest()


def test_content_is_the_same_as_ever():
    # Changes with any change to the data set: models trained before it and
    # figures measured before it are then no longer comparable.
    stories = list(
        itertools.chain.from_iterable(
            generate_stories(0, split, 50) for split in splits.SPLITS
        )
    )
    assert content_digest(stories) == GOLDEN


def test_another_process_makes_the_same_bytes():
    digests = {
        subprocess.run(
            [sys.executable, "-c", DIGEST_PROGRAM],
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    }
    here = hashlib.sha256()
    for story in generate_stories(3, "test", 40):
        here.update(repr(story).encode())
    assert digests == {here.hexdigest() + "\n"}


def test_a_story_does_not_depend_on_those_before():
    assert (
        generate_story(5, "train", 20)
        == list(generate_stories(5, "train", 21))[20]
    )


def test_seed_split_and_index_each_change_the_story():
    stories = [
        generate_story(*key)
        for key in (
            (0, "train", 0),
            (1, "train", 0),
            (0, "test", 0),
            (0, "train", 1),
        )
    ]
    assert len({tuple(story.images) for story in stories}) == 4
    assert len({story.story_id for story in stories}) == 4


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match="no split 'tset'.*train"):
        generate_story(0, "tset", 0)


def test_pictures_too_small_to_tell_shapes_are_refused():
    with pytest.raises(ValueError, match="16 pixels; use 32 or more"):
        generate_story(0, "train", 0, image_size=16)


def test_every_part_has_one_entry_a_frame(many):
    lengths = set()
    for story in itertools.chain(*many.values()):
        lengths.add(len(story.images))
        assert (
            len(story.images)
            == len(story.sentences)
            == len(story.decided)
            == len(story.scenes)
        )
    assert lengths == {5, 6, 7, 8}


def test_sentences_are_sentences(many):
    words = set()
    for story in itertools.chain(*many.values()):
        for sentence in story.sentences:
            assert sentence[0].isupper()
            assert sentence.endswith(".")
            assert "  " not in sentence
            assert " ," not in sentence
            words.update(sentence.lower().replace(",", "")[:-1].split())
    assert 100 < len(words) < 200


def test_heroes_of_a_rule_are_shared_by_no_two_splits():
    for rule in RULES:
        casts = {
            s: set(heroes(rule.name, rule.shapes, s)) for s in splits.SPLITS
        }
        assert sum(map(len, casts.values())) == len(
            set().union(*casts.values())
        )
        assert len(set().union(*casts.values())) == len(COLOURS) * len(
            rule.shapes
        )
        assert all(casts.values())
        # Each word is learnt, the combination alone is new.
        assert {colour for colour, _ in casts["train"]} == set(COLOURS)
        assert {shape for _, shape in casts["train"]} == set(rule.shapes)
        for split in splits.SPLITS:
            barred = held_out_elsewhere(rule.name, rule.shapes, split)
            assert not barred & casts[split]
            assert barred | casts[split] >= casts["test"]


def test_stories_keep_to_their_splits_heroes(many):
    rules = {rule.name: rule for rule in RULES}
    for split, stories in many.items():
        for story in stories:
            rule = rules[story.rule]
            cast = heroes(rule.name, rule.shapes, split)
            barred = held_out_elsewhere(rule.name, rule.shapes, split)
            pairs = {
                (item.colour, item.shape)
                for scene in story.scenes
                for item in scene
                if not item.still
            }
            assert pairs & set(cast)
            if story.rule in HERO_ALONE:
                assert not pairs & barred


def test_heroes_that_change_have_what_to_change_into():
    for rule in RULES:
        for split in splits.SPLITS:
            barred = held_out_elsewhere(rule.name, rule.shapes, split)
            for colour, shape in heroes(rule.name, rule.shapes, split):
                colours = [c for c in COLOURS if (c, shape) not in barred]
                shapes = [s for s in rule.shapes if (colour, s) not in barred]
                assert len(colours) >= 4
                assert len(shapes) >= 4 or rule.name == "rotate"


def test_held_out_sentences_have_no_word_that_training_lacks(many):
    words = {
        split: {
            word.strip(".,").lower()
            for story in stories
            for sentence in story.decided
            for word in sentence.split()
        }
        for split, stories in many.items()
    }
    assert words["test"] <= words["train"]
    assert words["validation"] <= words["train"]


def test_bystanders_stand_still_and_apart(many):
    count = 0
    for story in many["train"]:
        still = [tuple(o for o in s if o.still) for s in story.scenes]
        assert len(set(still)) == 1
        count += len(still[0])
        for scene in story.scenes:
            for one in (o for o in scene if o.still):
                for other in scene:
                    distance = (
                        (one.x - other.x) ** 2 + (one.y - other.y) ** 2
                    ) ** 0.5
                    assert other is one or distance > one.radius + other.radius
                assert sum(o.shape == one.shape for o in scene) == 1
                assert sum(o.colour == one.colour for o in scene) == 1
    assert count > 500


def test_every_rule_shape_and_colour_occurs(many):
    stories = many["train"]
    assert {story.rule for story in stories} == {rule.name for rule in RULES}
    items = {o for story in stories for scene in story.scenes for o in scene}
    assert {item.shape for item in items} == set(SHAPES)
    assert {item.colour for item in items} == set(COLOURS)
    assert {item.size for item in items} == {"small", "medium", "large"}


def test_speed():
    list(generate_stories(1, "train", 100))
    start = time.process_time()
    list(generate_stories(2, "train", 300))
    # About 1,000 a second on one core; the bound leaves room for slow ones.
    assert 300 / (time.process_time() - start) > 150
