"""R-precision of generated stories, by judges made by hand and exported."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory import pictures, stories
from tfstory.errors import UserError
from tfstory.systems.story_gan import judges, retrieval


def _vectors(numbers, size=256):
    """Returns random vectors, the same for the same number."""
    table = np.random.default_rng(7).normal(size=[size, 64])
    return (table / np.linalg.norm(table, axis=-1, keepdims=True))[numbers]


def _match(images, sentences):
    """Reads a picture's number from its shade, a text's from its words."""
    shades = [
        [int(tf.io.decode_png(image)[0, 0, 0]) for image in story]
        for story in images
    ]
    told = [[int(text) for text in story] for story in sentences.numpy()]
    return _vectors(np.array(shades)), _vectors(np.array(told))


def _raw(numbers, ids=None):
    """Returns windows whose sentences are numbers, those of the pictures."""
    ids = ids or [f"s{index}#0" for index in range(len(numbers))]
    return {
        stories.STORY_ID: tf.constant(ids),
        stories.SENTENCES: tf.strings.as_string(tf.constant(numbers)),
    }


def _prepare(raw):
    shades = tf.strings.to_number(raw[stories.SENTENCES], tf.int32)
    shades = tf.cast(shades, tf.uint8)[..., None, None, None]
    return {stories.IMAGES: tf.tile(shades, [1, 1, 4, 4, 3])}


def _perfect(batch):
    return pictures.to_unit(batch[stories.IMAGES])


def _first_frames(batch):
    return tf.gather(_perfect(batch), [0, 0], axis=1)


def _numbers(count):
    return np.stack([np.arange(count), np.arange(count)], axis=1)


def _found(raw, generate=_perfect, match=_match):
    return retrieval.retrieval([raw], _prepare, generate, match)


def test_a_perfect_generator_is_found():
    found = _found(_raw(_numbers(120)))
    assert found == {
        "r_precision": 1.0,
        "r_precision_real": 1.0,
        "r_precision_first_scene": 1.0,
        # The other story's text is no candidate, and comes no nearer.
        "r_precision_random_story": pytest.approx(0.01, abs=0.02),
        "r_precision_candidates": 100.0,
        # Two frames with one text and one picture.
        "moment_precision": 0.5,
        "moment_precision_real": 0.5,
        "moment_precision_first_scene": 0.5,
    }


def test_a_generator_that_does_not_read_is_found_out():
    def same(batch):
        return tf.ones_like(_perfect(batch)) * 200 / 255

    found = _found(_raw(_numbers(150)), same)
    assert found["r_precision"] < 0.05
    assert found["r_precision_real"] == 1.0


def test_a_story_that_stands_still_is_measured_beside():
    numbers = np.stack([np.arange(120), np.arange(120) + 1], axis=1)
    found = _found(_raw(numbers), _first_frames)
    assert found["r_precision"] == found["r_precision_first_scene"] < 0.6
    assert found["r_precision_real"] == 1.0
    # Its first frame alone is the right moment.
    assert found["moment_precision"] == found["moment_precision_first_scene"]
    assert found["moment_precision"] == 0.5
    assert found["moment_precision_real"] == 1.0


def test_a_judge_that_sees_nothing_finds_by_chance():
    def blind(images, sentences):
        shape = [*images.shape, 3]
        return np.ones(shape), np.ones(shape)

    found = _found(_raw(_numbers(120)), match=blind)
    for end in ("", "_real", "_first_scene", "_random_story"):
        assert found[f"r_precision{end}"] == pytest.approx(0.01)


def test_few_stories_say_how_many_candidates_there_are():
    found = _found(_raw(_numbers(4)))
    assert found["r_precision_candidates"] == 4.0
    assert _found(_raw(_numbers(1))) == {}


def test_the_same_text_and_the_same_story_are_no_distractors():
    # The first two begin alike; the last two are windows of one story.
    raw = _raw([[1, 2], [1, 3], [4, 5], [5, 6]], ["a#0", "b#0", "c#0", "c#1"])
    drawn = retrieval._draw(
        np.array([b"a", b"b", b"c", b"c"], object),
        np.array(
            [retrieval._so_far(x) for x in raw["sentences"].numpy()], object
        ),
    )
    taken = [
        [set(others[counts]) for others, counts in zip(*window, strict=True)]
        for window in zip(drawn.others, drawn.counts, strict=True)
    ]
    assert taken == [
        [{2, 3}, {1, 2, 3}],
        [{2, 3}, {0, 2, 3}],
        [{0, 1}, {0, 1}],
        [{0, 1}, {0, 1}],
    ]
    assert set(drawn.unrelated[2:]) <= {0, 1}
    assert _found(raw)["r_precision_candidates"] == 1 + (2 + 3 + 2 + 2) / 4


def test_the_draw_is_the_same_whatever_the_batches():
    raw = _raw(_numbers(120))
    parts = [{k: v[i : i + 50] for k, v in raw.items()} for i in (0, 50, 100)]
    found = retrieval.retrieval(parts, _prepare, _perfect, _match)
    assert found == _found(raw)


def test_a_saved_model_judges(tmp_path):
    spec = tf.TensorSpec([None, None], tf.string)

    @tf.function(input_signature=[spec, spec])
    def match(images, sentences):
        return {
            "picture_embeddings": tf.strings.length(images)[..., None],
            "text_embeddings": tf.strings.length(sentences)[..., None],
        }

    tf.saved_model.save(
        tf.Module(), str(tmp_path), {"match": match.get_concrete_function()}
    )
    shown, told = retrieval.load(str(tmp_path))(
        tf.constant([["a", "bb"]]), tf.constant([["ccc", ""]])
    )
    assert shown.tolist() == [[[1], [2]]]
    assert told.tolist() == [[[3], [0]]]


def test_a_judge_must_be_an_exported_matcher(tmp_path):
    with pytest.raises(UserError, match="gone holds no SavedModel; export a"):
        retrieval.load(str(tmp_path / "gone"))
    tf.saved_model.save(tf.Module(), str(tmp_path / "other"))
    with pytest.raises(UserError, match="is no story_matcher: it has no sig"):
        retrieval.load(str(tmp_path / "other"))


def test_so_many_windows_are_judged(monkeypatch):
    monkeypatch.setattr(judges, "WINDOWS", 3)
    assert _found(_raw(_numbers(5)))["r_precision_candidates"] == 3.0
