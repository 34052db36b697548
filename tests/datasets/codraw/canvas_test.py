"""Tests of CoDraw's canvases."""

import io

import numpy as np
import pytest
from PIL import Image

from tfstory.datasets.candidates import BadExample
from tfstory.datasets.codraw import canvas
from tfstory.datasets.codraw.canvas import Painter, Piece

_GREEN = (0, 160, 0)


def _png(image):
    data = io.BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def _half(left, right, size=(40, 20)):
    image = Image.new("RGBA", size, left)
    image.paste(right, (size[0] // 2, 0, *size))
    return image


_ART = {
    "background.png": _png(Image.new("RGBA", (500, 400), _GREEN)),
    "red.png": _png(Image.new("RGBA", (40, 20), "red")),
    "blue.png": _png(Image.new("RGBA", (40, 20), "blue")),
    "half.png": _png(_half("red", (0, 0, 0, 0))),
}


def _painted(*pieces, width=500):
    data = Painter(_ART.__getitem__, width).paint(pieces)
    return np.asarray(Image.open(io.BytesIO(data)))


def _piece(picture, x=100, y=50, depth=0, flip=False, kind=1):
    return Piece(picture, kind, x, y, depth, flip)


def _box(pixels, colour):
    rows, columns = np.nonzero((pixels == colour).all(-1))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def test_parse():
    text = (
        "3,s_3s.png,0,3,0,469,31.5,2,0,p_7s.png,1,7,1,-10000,-10000,1,1,"
        "hb0_1s.png,2,1,2,10,20,1,1,"
    )
    assert canvas.parse(text) == (
        Piece("s_3s.png", 0, 469, 31.5, 2, False),
        Piece("hb0_1s.png", 2, 10, 20, 1, True),
    )


@pytest.mark.parametrize(
    "text",
    ["2,a.png,0,0,0,1,1,0,0", "x", "1,a.png,0,0,0,left,1,0,0",
     "1,a.png,0,0,0,1,1,7,0", "-1,a.png,0,0,0,1,1,0,0"]
    + [f"1,a.png,0,0,0,{at},0,0" for at in (
        "nan,1", "1,nan", "inf,1", "1,-inf", "1e300,1", "1,10001")],
)  # fmt: skip
def test_malformed(text):
    with pytest.raises(BadExample, match="malformed"):
        canvas.parse(text)


def test_centre_and_scale():
    assert _box(_painted(_piece("red.png")), (255, 0, 0)) == (80, 40, 120, 60)
    far = _painted(_piece("red.png", depth=1))
    assert _box(far, (255, 0, 0)) == (86, 43, 114, 57)
    farthest = _painted(_piece("red.png", depth=2))
    assert _box(farthest, (255, 0, 0)) == (90, 45, 110, 55)


def test_flip_mirrors():
    plain = _painted(_piece("half.png"))
    assert _box(plain, (255, 0, 0)) == (80, 40, 100, 60)
    flipped = _painted(_piece("half.png", flip=True))
    assert _box(flipped, (255, 0, 0)) == (100, 40, 120, 60)
    assert flipped[50, 90].tolist() == list(_GREEN)


def _middle(*pieces):
    return _painted(*pieces)[50, 100].tolist()


def test_near_pieces_hide_far_ones():
    near, far = _piece("red.png"), _piece("blue.png", depth=2)
    assert _middle(near, far) == _middle(far, near) == [255, 0, 0]


def test_the_sky_is_behind_even_when_nearer():
    sky, far = _piece("red.png", kind=0), _piece("blue.png", depth=2)
    assert _middle(sky, far) == _middle(far, sky) == [0, 0, 255]


def test_equal_depth_keeps_the_order():
    one, two = _piece("red.png"), _piece("blue.png")
    assert _middle(one, two) == [0, 0, 255]
    assert _middle(two, one) == [255, 0, 0]


def test_pieces_may_stand_out():
    assert _box(_painted(_piece("red.png", x=-10)), (255, 0, 0))[2] == 10


def test_smaller_pictures_are_means_of_the_full_one():
    pieces = (_piece("red.png", x=101), _piece("blue.png", x=333, y=201))
    full = _painted(*pieces).astype(float)
    small = _painted(*pieces, width=125)
    means = full.reshape(100, 4, 125, 4, 3).mean((1, 3))
    assert small.shape == (100, 125, 3)
    assert np.abs(small - means).max() <= 1


def test_default_size():
    assert _painted(width=128).shape == (102, 128, 3)


def test_missing_clip_art():
    def read(name):
        raise BadExample(f"the file {name} is missing")

    with pytest.raises(BadExample, match="background.png is missing"):
        Painter(read, 100).paint(())


@pytest.mark.parametrize("name", ["noise.png", "background.png"])
@pytest.mark.parametrize("keep", [0.01, 0.3, 0.9])
def test_corrupt_clip_art(name, keep):
    noise = Image.effect_noise((90, 90), 80).convert("RGBA")
    art = {**_ART, "noise.png": _png(noise)}
    art[name] = art[name][: int(len(art[name]) * keep)]
    with pytest.raises(BadExample, match=f"clip art {name}: it .*(no|corrupt)"):
        Painter(art.__getitem__, 100).paint((_piece("noise.png"),))


def test_clip_art_of_one_pixel_does_not_vanish():
    art = {**_ART, "dot.png": _png(Image.new("RGBA", (1, 1), "red"))}
    data = Painter(art.__getitem__, 500).paint((_piece("dot.png", depth=2),))
    pixels = np.asarray(Image.open(io.BytesIO(data)))
    assert (pixels == (255, 0, 0)).all(-1).sum() == 1
