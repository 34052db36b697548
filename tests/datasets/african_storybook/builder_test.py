"""Tests of the African Storybook builder."""

import os
import shutil
import zipfile

import pytest

from tfstory.datasets import report
from tfstory.datasets.prepare import prepare

_END = "##\n* License: [CC-BY]\n* Language: en\n"


@pytest.fixture
def bank(tmp_path, picture):
    """Writes stories: number to the pages' texts and the pictures' count."""

    def write(stories, top="manual"):
        texts = tmp_path / top / "asp-source" / "en"
        texts.mkdir(parents=True, exist_ok=True)
        for number, (pages, pictures) in stories.items():
            body = "".join(f"##\n{page}\n\n" for page in pages)
            (texts / f"{number}_a-story.md").write_text(
                f"# Title\n\n{body}{_END}"
            )
            folder = tmp_path / top / "asp-imagebank" / "medium" / number
            folder.mkdir(parents=True)
            for i in range(1, pictures + 1):
                (folder / f"{i:02d}.jpg").write_bytes(
                    picture((20 * i, 0, 0), kind="JPEG", quality=100)
                )
        return tmp_path / "manual"

    return write


def _stories(builder):
    return {
        example["story_id"].numpy().decode(): (
            [s.decode() for s in example["sentences"].numpy()],
            example["images"].numpy()[:, 0, 0, 0].tolist(),
        )
        for split in builder.info.splits
        for example in builder.as_dataset(split=split)
    }


def _prepare(manual_dir):
    builder = prepare("african_storybook", manual_dir.parent / "d", manual_dir)
    return _stories(builder), report.read(builder.data_dir)


def test_page_goes_with_the_picture_after_the_cover(bank):
    found, _ = _prepare(bank({"0001": (["one", "two"], 3)}))
    ((sentences, reds),) = found.values()
    assert sentences == ["one", "two"]
    # Picture 1 (red 20) is the cover.
    assert reds == pytest.approx([40, 60], abs=3)


def test_misaligned_stories_are_reported(bank):
    found, written = _prepare(
        bank({"0001": (["a"], 3), "0002": (["b"], 1), "0003": (["c"], 0)})
    )
    assert list(found) == ["0001_a-story"]
    assert [e["story_id"] for e in written["left_out"]] == [
        "0002_a-story", "0003_a-story",
    ]  # fmt: skip
    assert "1 pages and 1 pictures" in written["left_out"][0]["reason"]


def test_pages_without_words_are_kept_and_counted(bank):
    found, written = _prepare(bank({"0001": (["one", "", "three"], 4)}))
    assert found["0001_a-story"][0] == ["one", "", "three"]
    assert written["notes"] == {"frames without words, kept": 1}


def test_a_bad_picture_leaves_out_its_page_alone(bank):
    manual_dir = bank({"0001": (["one", "two", "three"], 4)})
    bad = manual_dir / "asp-imagebank" / "medium" / "0001" / "03.jpg"
    bad.write_bytes(b"\xff\xd8 cut")
    found, written = _prepare(manual_dir)
    assert found["0001_a-story"][0] == ["one", "three"]
    assert written["left_out_frames"] == 1
    assert written["left_out"][0]["frame"] == 1


def test_text_that_is_not_utf8(bank):
    manual_dir = bank({"0001": (["one"], 2), "0002": (["two"], 2)})
    bad = manual_dir / "asp-source" / "en" / "0002_a-story.md"
    bad.write_bytes(b"# T\n##\n\xe9t\xe9\n##\n* License: [CC-BY]\n")
    found, written = _prepare(manual_dir)
    assert list(found) == ["0001_a-story"]
    assert "not UTF-8" in written["left_out"][0]["reason"]


def test_a_file_name_that_is_not_utf8(bank):
    manual_dir = bank({"0001": (["one"], 2), "0002": (["two"], 2)})
    texts = os.fsencode(manual_dir / "asp-source" / "en")
    os.rename(texts + b"/0002_a-story.md", texts + b"/0002_\xff.md")
    found, written = _prepare(manual_dir)
    assert list(found) == ["0001_a-story"]
    assert written["left_out"][0]["reason"] == "its name is not UTF-8"


def test_archives_as_they_come_from_the_source(bank, tmp_path):
    manual_dir = bank({"0001": (["one", "two"], 3)})
    for name in ("asp-source", "asp-imagebank"):
        unpacked = manual_dir / name
        unpacked.rename(manual_dir / f"{name}-master")
        shutil.make_archive(
            manual_dir / name, "zip", manual_dir, f"{name}-master"
        )
        shutil.rmtree(manual_dir / f"{name}-master")
    found, _ = _prepare(manual_dir)
    assert found["0001_a-story"][0] == ["one", "two"]


def test_real_stories(shared_data, tmp_path):
    manual_dir = tmp_path / "manual"
    with zipfile.ZipFile(shared_data / "african_storybook.zip") as archive:
        for name in archive.namelist():
            # 0366 has no pictures, 0118 has four more than pages.
            if any(f"/{n}" in name for n in ("0001", "0118", "0366")):
                archive.extract(name, manual_dir)
    found, written = _prepare(manual_dir)
    assert list(found) == ["0001_a-very-tall-man"]
    sentences, reds = found["0001_a-very-tall-man"]
    assert len(sentences) == len(reds) == 11
    assert sentences[0] == "His hoe was too short."
    assert {e["story_id"][:4] for e in written["left_out"]} == {
        "0118", "0366",
    }  # fmt: skip
