"""Pictures show the scene: colours, places, soft edges."""

import io
import math

import numpy as np
import pytest
from PIL import Image

from tfstory.datasets.shape_stories import generate_stories, generate_story
from tfstory.datasets.shape_stories.drawing import BACKGROUNDS, draw_scene
from tfstory.datasets.shape_stories.objects import (
    COLOURS,
    SHAPES,
    SIZES,
    SceneObject,
)

# Where a shape is filled, in radii from the centre; the centre unless here.
FILLED = {"ring": (-0.70, 0.0), "moon": (-0.5, 0.15)}


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)))


def drawn(shape, size="large", angle=0, image_size=64, background=0):
    item = SceneObject(shape, "blue", 0.5, 0.5, SIZES[size], angle)
    return pixels(draw_scene([item], background, image_size)).astype(int)


def test_objects_have_their_colour_where_the_scene_says():
    checked = 0
    for story in generate_stories(21, "train", 300):
        for png, scene in zip(story.images, story.scenes, strict=True):
            picture = pixels(png)
            for item in scene:
                if not item.visible:
                    continue
                dx, dy = FILLED.get(item.shape, (0, 0))
                x = math.floor((item.x + dx * item.radius) * 64)
                y = math.floor((item.y + dy * item.radius) * 64)
                around = picture[y - 1 : y + 2, x - 1 : x + 2].reshape(-1, 3)
                off = {
                    name: np.abs(around - np.array(rgb)).sum(-1).min()
                    for name, rgb in COLOURS.items()
                }
                assert min(off, key=off.get) == item.colour, item
                if item.shape != "ring" and item.size != "small":
                    assert off[item.colour] == 0, item
                checked += 1
    assert checked > 3000


@pytest.mark.parametrize("shape", SHAPES)
def test_edges_are_soft(shape):
    picture = drawn(shape, "medium").reshape(-1, 3)
    colours, counts = np.unique(picture, axis=0, return_counts=True)
    # Hard edges would leave the background, the outline and the inside.
    between = np.sort(counts)[:-3].sum()
    assert len(colours) >= 6
    assert between >= 12


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("size", SIZES)
def test_shapes_fill_their_radius_and_no_more(shape, size):
    touched = np.abs(drawn(shape, size) - BACKGROUNDS[0][0]).sum(-1) > 30
    rows, columns = np.nonzero(touched)
    radius = SIZES[size] * 64
    for low, high in (
        (rows.min(), rows.max()),
        (columns.min(), columns.max()),
    ):
        assert low >= 32 - radius - 1.5
        assert high <= 32 + radius + 0.5
    assert max(np.ptp(rows), np.ptp(columns)) >= 2 * radius * 0.75


def test_an_angle_turns_clockwise():
    up, right = drawn("arrow"), drawn("arrow", angle=90)
    turned = np.rot90(up, k=-1)
    assert np.abs(turned - right).mean() < 1.0
    assert np.abs(up - right).mean() > 3.0


def test_a_hidden_object_leaves_no_trace():
    cover = SceneObject("diamond", "red", 0.5, 0.5, SIZES["large"])
    alone = draw_scene([cover], 1, 64)
    for shape in SHAPES:
        item = SceneObject(shape, "black", 0.5, 0.5, SIZES["small"])
        assert draw_scene([item, cover], 1, 64) == alone


@pytest.mark.parametrize("image_size", [64, 96, 128])
def test_size_is_free(image_size):
    story = generate_story(0, "train", 3, image_size)
    assert story.scenes == generate_story(0, "train", 3).scenes
    for png in story.images:
        assert png.startswith(b"\x89PNG")
        assert pixels(png).shape == (image_size, image_size, 3)


def test_colours_are_clearly_distinct():
    rgb = np.array(list(COLOURS.values()), float)
    distances = np.linalg.norm(rgb[:, None] - rgb[None], axis=-1)
    assert distances[~np.eye(len(rgb), dtype=bool)].min() > 60
    sky = np.array([b[:3] for b in BACKGROUNDS], float).reshape(-1, 3)
    assert np.linalg.norm(rgb[:, None] - sky[None], axis=-1).min() > 90


def test_the_next_frame_differs_by_a_learnable_amount():
    changes = []
    for story in generate_stories(4, "test", 400):
        frames = [pixels(png) / 255.0 for png in story.images]
        changes += [
            np.abs(new - old).mean()
            for old, new in zip(frames[3:], frames[4:], strict=False)
        ]
    assert min(changes) > 0.0005
    assert 0.01 < np.mean(changes) < 0.04
