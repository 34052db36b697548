"""Small pictures and story folders for the datasets' tests."""

import io
import json

import pytest
from PIL import Image


@pytest.fixture
def picture():
    """Makes an encoded one-colour picture."""

    def make(colour="red", size=(8, 6), kind="PNG", mode="RGB", **options):
        data = io.BytesIO()
        Image.new(mode, size, colour).save(data, kind, **options)
        return data.getvalue()

    return make


@pytest.fixture
def story_folder(tmp_path, picture):
    """Writes a folder of stories; returns its path.

    Takes story id to the number of frames, and how lines of the file differ:
    story id to a function that changes the parsed line.
    """

    def write(lengths, changes=None, top="stories"):
        folder = tmp_path / top
        (folder / "pictures").mkdir(parents=True, exist_ok=True)
        lines = []
        for story_id, length in lengths.items():
            frames = []
            for k in range(length):
                image = f"pictures/{story_id}_{k}.png"
                (folder / image).write_bytes(picture((40 * k % 256, 0, 0)))
                frames.append({"image": image, "sentence": f"{story_id} {k}"})
            line = {"story_id": story_id, "frames": frames}
            change = (changes or {}).get(story_id)
            if change:
                line = change(line) or line
            lines.append(line if isinstance(line, str) else json.dumps(line))
        (folder / "stories.jsonl").write_text("\n".join(lines) + "\n")
        return folder

    return write
