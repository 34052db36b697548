"""Makes shape stories: pictures, sentences and what is in each scene.

Any five consecutive frames pose the same task: the fifth follows from the
four before, in its picture and in every word that `decided` keeps. Why:

- Each rule is a walk, a cycle or a growth whose next state the states of
  four consecutive scenes fix: a way and a stride show in any two frames (and
  an object turns back where its next step would leave the picture), cycles
  have a period of four at most, growth is even.
- Objects that take no part stand still; the background stays.
- A narrator's choices last for the whole story and can be heard in every
  sentence after the first; two voices take turns, so the last but one of the
  four frames has the voice of the fifth.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tfstory.datasets.lots import Lots
from tfstory.datasets.shape_stories.describing import describe
from tfstory.datasets.shape_stories.drawing import BACKGROUNDS, draw_scene
from tfstory.datasets.shape_stories.holdout import held_out_elsewhere, heroes
from tfstory.datasets.shape_stories.objects import SIZES, STEPS, SceneObject
from tfstory.datasets.shape_stories.rules import RULES
from tfstory.datasets.shape_stories.rules.base import Casting, Plot, Rule
from tfstory.datasets.shape_stories.wording import Sentence, draw_style, tell

MIN_FRAMES = 5
MAX_FRAMES = 8
MIN_IMAGE_SIZE = 32
_MOST_STILL = 3
_GAP = 0.015


@dataclass(frozen=True)
class ShapeStory:
    """A story of `T` frames, 5 to 8.

    Attributes:
      story_id: unlike any other's of the same split and seed.
      images: `[T]` PNG files, `[image_size, image_size, 3]` each.
      sentences: `[T]` sentences.
      decided: `[T]` sentences with `_` for each free word, which nothing
          decides; the other words of the fifth frame and of those after it
          follow from the four frames before.
      rule: the rule's name.
      scenes: for each frame its objects, in the order of drawing.
    """

    story_id: str
    images: list[bytes]
    sentences: list[str]
    decided: list[str]
    rule: str
    scenes: list[tuple[SceneObject, ...]]


def generate_story(
    seed: int,
    split: str,
    index: int,
    image_size: int = 64,
    described: bool = False,
) -> ShapeStory:
    """Makes one story; the arguments decide every byte of it.

    Args:
      seed: of the data set.
      split: "train", "validation" or "test"; heroes (colour and shape) of
          a rule in one split play it in no other.
      index: the story's number, from 0.
      image_size: width and height of the pictures in pixels, at least
          `MIN_IMAGE_SIZE`.
      described: whether the first sentence is followed by one that
          describes the whole first scene; the story is the same otherwise.

    Raises:
      ValueError: there is no such split, or the pictures are too small.
    """
    if image_size < MIN_IMAGE_SIZE:
        raise ValueError(
            f"shape_stories cannot be drawn in {image_size} pixels; use "
            f"{MIN_IMAGE_SIZE} or more"
        )
    rule, told, scenes, background = _compose(seed, split, index)
    sentences = [sentence.text for sentence in told]
    decided = [sentence.decided for sentence in told]
    if described:
        scene = describe(scenes[0], background)
        sentences[0] += f" {scene}"
        decided[0] += f" {scene}"
    return ShapeStory(
        story_id=f"shapes-{split}-{seed}-{index:07d}",
        images=[draw_scene(s, background, image_size) for s in scenes],
        sentences=sentences,
        decided=decided,
        rule=rule.name,
        scenes=scenes,
    )


def generate_scenes(
    seed: int, split: str, index: int
) -> list[tuple[SceneObject, ...]]:
    """Returns a story's scenes without drawing them; see `generate_story`."""
    return _compose(seed, split, index).scenes


class _Composition(NamedTuple):
    rule: Rule
    told: tuple[Sentence, ...]
    scenes: list[tuple[SceneObject, ...]]
    background: int


def _compose(seed: int, split: str, index: int) -> _Composition:
    lots = Lots(f"shape_stories/{seed}/{split}/{index}")
    rule = lots.pick(RULES)
    frames = MIN_FRAMES + lots.below(MAX_FRAMES - MIN_FRAMES + 1)
    colour, shape = lots.pick(heroes(rule.name, rule.shapes, split))
    forbidden = held_out_elsewhere(rule.name, rule.shapes, split)
    casting = Casting(lots, colour, shape, forbidden)
    plot = rule.play(casting, frames)
    still = _bystanders(casting, plot)
    style = draw_style(lots, rule, plot, still)
    told = tell(lots, rule, plot, style)
    scenes = [still + beat.objects for beat in plot.beats]
    return _Composition(rule, told, scenes, lots.below(len(BACKGROUNDS)))


def generate_stories(
    seed: int,
    split: str,
    count: int,
    image_size: int = 64,
    described: bool = False,
) -> Iterator[ShapeStory]:
    """Makes the first `count` stories of a split; see `generate_story`."""
    for index in range(count):
        yield generate_story(seed, split, index, image_size, described)


def _bystanders(casting: Casting, plot: Plot) -> tuple[SceneObject, ...]:
    """Objects that stand where nothing of the plot ever comes."""
    lots = casting.lots
    busy = {
        (item.x, item.y, item.radius)
        for beat in plot.beats
        for item in beat.objects
    }
    still: tuple[SceneObject, ...] = ()
    for _ in range(1 + lots.below(_MOST_STILL)):
        radius = SIZES[lots.pick(("small", "medium"))]
        free = [
            (x, y)
            for x in STEPS
            for y in STEPS
            if all(_apart((x, y, radius), other) for other in busy)
        ]
        if not free:
            break
        x, y = lots.pick(free)
        busy.add((x, y, radius))
        shape, colour = casting.new_shape(), casting.new_colour()
        still += (SceneObject(shape, colour, x, y, radius, still=True),)
    return still


def _apart(
    one: tuple[float, float, float], other: tuple[float, float, float]
) -> bool:
    """Whether two circles (x, y, radius) leave a gap between them."""
    reach = one[2] + other[2] + _GAP
    return (one[0] - other[0]) ** 2 + (one[1] - other[1]) ** 2 > reach**2
