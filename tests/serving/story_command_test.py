"""The client's command `story`."""

import types

import numpy as np
import pytest

from serving.client import commands
from serving.errors import ServingError


class _Model:
    """A client of a model that draws each sentence as its own bytes."""

    def __init__(self, *inputs):
        signature = types.SimpleNamespace(inputs=dict.fromkeys(inputs))
        self._signatures = {"generate": signature}
        self.seeds = []

    def metadata(self):
        return types.SimpleNamespace(signatures=self._signatures)

    def predict(self, signature, inputs):
        assert signature == "generate"
        self.seeds += inputs["seed"]
        drawn = [text.encode() for text in inputs["sentences"][0]]
        return {"images": np.array([drawn], object)}


@pytest.fixture
def model():
    return _Model("sentences", "seed")


def _run(model, *words):
    arguments = commands._parser().parse_args(["story", *words])
    arguments.run(model, arguments)


def test_each_line_is_drawn(model, tmp_path, capsys):
    (tmp_path / "told.txt").write_bytes(
        b"\xef\xbb\xbfAda finds a kite.\r\n\n  Es fliegt \xc3\xbcber uns.\n"
    )
    out = tmp_path / "story.png"
    _run(model, f"--story={tmp_path}/told.txt", "--seed=7", f"--out={out}")
    first, second = tmp_path / "story-0.png", tmp_path / "story-1.png"
    assert first.read_bytes() == b"Ada finds a kite."
    assert second.read_bytes() == "Es fliegt über uns.".encode()
    assert model.seeds == [7]
    assert capsys.readouterr().out.splitlines() == [
        f"{first}: Ada finds a kite.",
        f"{second}: Es fliegt über uns.",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot read"),
        (b" \n", "has no sentence; write one a line"),
        (b"\xff\xfe", "is no text in UTF-8"),
    ],
)
def test_what_is_no_story(model, tmp_path, content, message):
    path = tmp_path / "told.txt"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ServingError, match=message):
        _run(model, f"--story={path}", f"--out={tmp_path}/s.png")


def test_a_model_that_draws_no_stories(tmp_path):
    (tmp_path / "told.txt").write_text("Ada finds a kite.")
    with pytest.raises(ServingError, match="draws no stories from sentences"):
        _run(
            _Model("num_samples", "seed"),
            f"--story={tmp_path}/told.txt",
            f"--out={tmp_path}/s.png",
        )
