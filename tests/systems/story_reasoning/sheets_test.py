"""Sheets show what a stage has trained."""

import numpy as np
import pytest

from tests.systems.story_reasoning import tiny
from tfstory import pictures, strips


@pytest.fixture
def drawn(monkeypatch):
    """Pictures and captions of the strips that are drawn."""
    calls = []
    strip = strips.strip

    def recorded(images, captions, *others, **named):
        calls.append((np.asarray(images), list(captions)))
        return strip(images, captions, *others, **named)

    monkeypatch.setattr(strips, "strip", recorded)
    return calls


def test_the_autoencoders_sheet_shows_pictures_alone(tmp_path, drawn):
    system = tiny.system(tmp_path)
    batch = system.prepare(tiny.raw_batch(2))
    first, second = system.stages()
    sheet = first.draw(batch)
    assert sheet.dtype == np.uint8 and sheet.shape[-1] == 3
    assert second.draw is None  # It takes the system's.
    images = batch["images"].numpy()
    model = system.model
    for story in range(2):
        real, rebuilt = drawn[2 * story : 2 * story + 2]
        np.testing.assert_array_equal(real[0], images[story])
        again = model.decoder(model.encoder(pictures.to_unit(images[story])))
        expected = pictures.to_uint8(again).numpy().astype(int)
        assert np.abs(rebuilt[0] - expected).max() <= 1
        assert not any(real[1] + rebuilt[1])
