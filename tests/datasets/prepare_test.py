"""Tests that preparing is atomic, happens once, and knows its source."""

import pathlib
import shutil

import pytest

from tfstory.datasets import prepare as prepare_lib
from tfstory.datasets import report
from tfstory.datasets.prepare import prepare
from tfstory.datasets.shape_stories import builder as shapes
from tfstory.errors import UserError

_SMALL = {
    "train_stories": 4, "validation_stories": 2, "test_stories": 1,
    "image_size": 32,
}  # fmt: skip


def _files(directory):
    return {
        path.relative_to(directory): path.read_bytes()
        for path in pathlib.Path(directory).glob("**/*")
        if path.is_file()
    }


def test_same_arguments_give_the_same_records(tmp_path):
    one = prepare("shape_stories", tmp_path / "a", builder_args=_SMALL)
    two = prepare("shape_stories", tmp_path / "b", builder_args=_SMALL)
    records = {
        name: data
        for name, data in _files(one.data_dir).items()
        if "tfrecord" in name.name
    }
    assert len(records) == 3
    assert records.items() <= _files(two.data_dir).items()


def test_splits_have_the_counts_asked_for(tmp_path):
    builder = prepare("shape_stories", tmp_path, builder_args=_SMALL)
    counts = {s: i.num_examples for s, i in builder.info.splits.items()}
    assert counts == {"train": 4, "validation": 2, "test": 1}
    kept = report.read(builder.data_dir)["splits"]
    assert {s: kept[s]["stories"] for s in kept} == counts


def test_shape_stories_say_what_is_decided(tmp_path):
    builder = prepare("shape_stories", tmp_path, builder_args=_SMALL)
    example = next(iter(builder.as_dataset(split="test")))
    assert example["images"].shape[1:] == (32, 32, 3)
    assert all(example["decided"].numpy())


def test_second_call_reads_nothing(story_folder, monkeypatch):
    folder = story_folder({"a": 2, "b": 2, "c": 2})
    data_dir = folder.parent / "data"
    first = prepare("story_folder", data_dir, folder)
    before = _files(first.data_dir)
    monkeypatch.setattr(
        "tfstory.datasets.dataset_builder.DatasetBuilder._split_generators",
        lambda self, dl_manager: pytest.fail("prepared twice"),
    )
    prepare("story_folder", data_dir, folder)
    shutil.rmtree(folder)
    again = prepare("story_folder", data_dir)
    assert again.is_prepared()
    assert _files(again.data_dir) == before


def test_changed_source_is_prepared_anew(story_folder):
    folder = story_folder({"a": 2})
    data_dir = folder.parent / "data"
    prepare("story_folder", data_dir, folder)
    story_folder({"a": 2, "b": 3})
    builder = prepare("story_folder", data_dir, folder)
    splits = report.read(builder.data_dir)["splits"].values()
    assert sum(counts["stories"] for counts in splits) == 2
    assert sum(i.num_examples for i in builder.info.splits.values()) == 2


def test_data_stays_when_the_changed_source_is_no_good(story_folder):
    folder = story_folder({"a": 2})
    data_dir = folder.parent / "data"
    before = _files(prepare("story_folder", data_dir, folder).data_dir)
    (folder / "stories.jsonl").write_text("")
    with pytest.raises(UserError, match="no story is left"):
        prepare("story_folder", data_dir, folder)
    assert _files(prepare("story_folder", data_dir).data_dir) == before


def test_other_arguments_do_not_reuse_the_data(tmp_path):
    small = prepare("shape_stories", tmp_path, builder_args=_SMALL)
    other = prepare(
        "shape_stories", tmp_path, builder_args={**_SMALL, "seed": 1}
    )
    assert small.data_dir != other.data_dir
    assert report.read(other.data_dir)["arguments"]["seed"] == 1


def test_broken_off_run_leaves_nothing_in_use(tmp_path, monkeypatch):
    draw = shapes.generate_story

    def break_off(seed, split, index, *others):
        if (split, index) == ("validation", 1):
            raise KeyboardInterrupt
        return draw(seed, split, index, *others)

    monkeypatch.setattr(shapes, "generate_story", break_off)
    with pytest.raises(KeyboardInterrupt):
        prepare("shape_stories", tmp_path, builder_args=_SMALL)
    assert not list(tmp_path.glob("**/*tfrecord*"))
    monkeypatch.setattr(shapes, "generate_story", draw)
    builder = prepare("shape_stories", tmp_path, builder_args=_SMALL)
    assert builder.info.splits["validation"].num_examples == 2


def test_what_a_killed_run_left_is_removed(tmp_path):
    builder = prepare_lib.registry.builder("shape_stories", tmp_path, **_SMALL)
    version = pathlib.Path(builder.data_dir)
    half_made = version.with_name(f"incomplete.ABC123_{version.name}")
    half_made.mkdir(parents=True)
    (half_made / "shape_stories-train.tfrecord").write_bytes(b"half")
    assert not builder.is_prepared()
    prepare("shape_stories", tmp_path, builder_args=_SMALL)
    assert not half_made.exists()


def _counts(builder):
    return {s: i.num_examples for s, i in builder.info.splits.items()}


def _killed_half_way(builder):
    """Leaves what a kill leaves while changed data are prepared anew."""
    whole = pathlib.Path(builder.data_dir)
    half_made = whole.with_name(f"incomplete.ABC123_{whole.name}")
    half_made.mkdir()
    (half_made / "story_folder-train.tfrecord").write_bytes(b"half")
    whole.rename(whole.with_name(f"incomplete.old_{whole.name}"))


@pytest.mark.parametrize("problem", ["no story is left", "is empty"])
def test_old_data_outlive_a_kill_and_a_source_that_is_no_good(
    story_folder, problem
):
    folder = story_folder({"a": 2, "b": 2, "c": 2})
    data_dir = folder.parent / "data"
    old = prepare("story_folder", data_dir, folder)
    before = _files(old.data_dir)
    _killed_half_way(old)
    shutil.rmtree(folder)
    folder.mkdir()
    if problem == "no story is left":
        (folder / "stories.jsonl").write_text("")
    with pytest.raises(UserError, match=problem):
        prepare("story_folder", data_dir, folder)
    assert _files(old.data_dir) == before
    assert _counts(prepare("story_folder", data_dir)) == _counts(old)
    story_folder({"a": 2})
    new = prepare("story_folder", data_dir, folder)
    assert _counts(new) == {"train": 1}
    version = pathlib.Path(new.data_dir)
    assert {path.name for path in version.parent.iterdir()} == {
        ".lock",
        version.name,
    }


def test_old_data_are_back_after_a_kill_without_their_source(story_folder):
    folder = story_folder({"a": 2, "b": 2, "c": 2})
    data_dir = folder.parent / "data"
    old = prepare("story_folder", data_dir, folder)
    _killed_half_way(old)
    assert _counts(prepare("story_folder", data_dir)) == _counts(old)


def test_old_data_go_where_the_new_were_whole_before_a_kill(story_folder):
    folder = story_folder({"a": 2})
    data_dir = folder.parent / "data"
    new = pathlib.Path(prepare("story_folder", data_dir, folder).data_dir)
    shutil.copytree(new, new.with_name(f"incomplete.old_{new.name}"))
    story_folder({"a": 2, "b": 2})
    (folder / "stories.jsonl").write_text("")
    before = _files(new)
    with pytest.raises(UserError, match="no story is left"):
        prepare("story_folder", data_dir, folder)
    assert _files(new) == before
    assert len(list(new.parent.glob("incomplete.*"))) == 0


def test_missing_manual_dir(tmp_path):
    with pytest.raises(UserError, match="is not there; it should hold"):
        prepare("codraw", tmp_path / "data", tmp_path / "nowhere")


def test_empty_manual_dir_is_no_wish_to_download(tmp_path):
    (tmp_path / "manual").mkdir()
    with pytest.raises(UserError, match="is empty; it should hold"):
        prepare("clevr_sv", tmp_path / "data", tmp_path / "manual")


def test_an_archive_is_like_the_folder_that_holds_it(story_folder):
    folder = story_folder({"a": 2, "b": 2, "c": 2})
    holder = folder.parent / "holder"
    archive = shutil.make_archive(str(holder / "stories"), "zip", folder)
    data_dir = folder.parent / "data"
    one = report.read(prepare("story_folder", data_dir, archive).data_dir)
    two = report.read(prepare("story_folder", data_dir, holder).data_dir)
    assert one["source"] == two["source"]
    assert one["splits"] == two["splits"]
    assert sum(counts["stories"] for counts in one["splits"].values()) == 3


def test_a_file_that_is_no_archive(tmp_path):
    (tmp_path / "stories.tar").write_bytes(b"tar")
    with pytest.raises(UserError, match="stories.tar is no directory"):
        prepare("story_folder", tmp_path / "data", tmp_path / "stories.tar")


def test_files_for_a_set_that_takes_none(tmp_path):
    (tmp_path / "stories.jsonl").write_text("")
    with pytest.raises(UserError, match="shape_stories takes no files"):
        prepare("shape_stories", tmp_path / "data", tmp_path)


def test_data_dir_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="check that .*file.* can be written"):
        prepare("shape_stories", tmp_path / "file", builder_args=_SMALL)


def test_no_manual_dir_where_there_is_no_download(tmp_path):
    with pytest.raises(UserError, match="no download: put .*--manual_dir"):
        prepare("story_folder", tmp_path)


@pytest.mark.parametrize(
    "name, named",
    [
        ("african_storybook", "asp-imagebank/medium"),
        ("codraw", "Pngs"),
        ("clevr_sv", "attributes.json"),
    ],
)
def test_failed_download_says_what_to_put_where(
    tmp_path, monkeypatch, name, named
):
    def fail(self, urls):
        raise OSError("no network")

    monkeypatch.setattr(
        "tensorflow_datasets.download.DownloadManager.download", fail
    )
    with pytest.raises(
        UserError,
        match=f"download failed .no network.; put .*{named}.*--manual",
    ):
        prepare(name, tmp_path)


@pytest.mark.parametrize(
    "name, expected",
    [
        ("african_storybook", "asp-source/en"),
        ("codraw", "output"),
        ("clevr_sv", "images"),
        ("story_reasoning", "Parquet"),
    ],
)
def test_wrong_layout(tmp_path, name, expected):
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "readme.txt").write_text("nothing of use")
    with pytest.raises(UserError, match=f"found; expected .*{expected}"):
        prepare(name, tmp_path / "data", tmp_path / "manual")
