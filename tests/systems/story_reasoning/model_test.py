"""StoryReasoning's networks."""

import numpy as np
import pytest
import tensorflow as tf

from tests.systems.story_reasoning import tiny
from tfstory import pictures
from tfstory.systems.story_reasoning import captioning, captions
from tfstory.systems.story_reasoning.model import Drawing
from tfstory.systems.story_reasoning.refiner import Refiner, without_least


def _context(system, prepared):
    frames = pictures.to_unit(prepared["images"])[:, :-1]
    tokens = prepared["tokens"][:, :-1]
    return system.model.read(frames, tokens)


@pytest.fixture(scope="module", params=["shapes", "seed"])
def system(request, tmp_path_factory):
    """The improved form and the seed document's own."""
    return tiny.system(tmp_path_factory.mktemp("system"), request.param)


@pytest.fixture(scope="module")
def prepared(system):
    return system.prepare(tiny.raw_batch())


def test_shapes_are_those_of_the_seed(system, prepared):
    context = _context(system, prepared)
    drawing = system.model.next_frame(context, prepared["tokens"][:, -1])
    assert drawing.latent.shape == (3, 12)
    for picture in (drawing.frame, drawing.painted):
        assert picture.shape == (3, tiny.SIZE, tiny.SIZE, 3)
        assert np.min(picture) >= 0 and np.max(picture) <= 1
    logits = system.model.caption_logits(context, prepared["tokens"][:, -1:])
    assert logits.shape == (3, 1, 7, system.tokenizer.size)


def test_teacher_forcing_equals_step_by_step(system, prepared):
    context = _context(system, prepared)
    caption = prepared["tokens"][:, -1]
    logits = system.model.caption_logits(context, caption[:, None])[:, 0]
    state = system.model.first_caption_state(context)
    for position in range(caption.shape[1] - 1):
        step, state = system.model.caption_step(
            context, caption[:, position], state
        )
        np.testing.assert_allclose(step, logits[:, position], atol=1e-5)


def test_a_token_is_scored_without_those_after_it(system, prepared):
    context = _context(system, prepared)
    caption = prepared["tokens"][:, -1].numpy()
    changed = caption.copy()
    changed[:, 4:] = 3
    before, after = (
        system.model.caption_logits(context, tf.constant(tokens[:, None]))
        for tokens in (caption, changed)
    )
    np.testing.assert_array_equal(before[..., :4, :], after[..., :4, :])


@pytest.mark.parametrize("frame", [1, 2, 3])
def test_an_earlier_caption_is_told_from_the_frames_before_it(
    system, prepared, frame
):
    """What comes later in the context must not leak into it."""
    changed = dict(prepared)
    for name, value in prepared.items():
        # The frame's own caption is asked for; all of it after that differs.
        keep = frame + (name == "tokens")
        changed[name] = tf.concat(
            [value[:, :keep], value[:, : 5 - keep]], axis=1
        )
    captions = 5 - frame
    before, after = (
        system.model.caption_logits(
            _context(system, batch), prepared["tokens"][:, -captions:]
        )
        for batch in (prepared, changed)
    )
    np.testing.assert_allclose(before[:, 0], after[:, 0], atol=1e-6)
    assert not np.allclose(before[:, -1], after[:, -1], atol=1e-6)


def _other_fifth(prepared, *names):
    """Returns stories whose fifth pictures or captions are others."""
    return {
        name: tf.concat([value[:, :-1], value[:, :1]], axis=1)
        if name in names
        else value
        for name, value in prepared.items()
    }


def _drawings(system, monkeypatch, measure):
    """Returns what the model draws while something is measured."""
    drawings = []
    next_frame = type(system.model).next_frame

    def draw(*args, **kwargs):
        drawings.append(next_frame(system.model, *args, **kwargs))
        return drawings[-1]

    monkeypatch.setattr(system.model, "next_frame", draw)
    measure()
    monkeypatch.undo()
    return drawings


def test_measured_pictures_see_nothing_of_the_fifth_frame(
    system, prepared, monkeypatch
):
    changed = _other_fifth(prepared, *prepared)
    (one,), (other,) = (
        _drawings(
            system, monkeypatch, lambda batch=batch: system.evaluate(batch)
        )
        for batch in (prepared, changed)
    )
    np.testing.assert_array_equal(one.frame, other.frame)
    # Held against another truth.
    assert not np.allclose(
        system.evaluate(prepared)["absolute_error"],
        system.evaluate(changed)["absolute_error"],
    )


def test_captions_are_scored_without_the_fifth_picture(system, prepared):
    np.testing.assert_allclose(
        system.evaluate(_other_fifth(prepared, "images"))["nll"],
        system.evaluate(prepared)["nll"],
        rtol=1e-6,
    )


def test_learning_draws_without_the_fifth_picture(
    system, prepared, monkeypatch
):
    stage = system.stages()[1].build(1)
    one, other = (
        _drawings(
            system,
            monkeypatch,
            lambda batch=batch: stage.compute_losses(batch, training=True),
        )[0]
        for batch in (prepared, _other_fifth(prepared, "images"))
    )
    # Batch normalisation moves on from call to call where it is trained.
    np.testing.assert_allclose(one.frame, other.frame, atol=1e-5)
    np.testing.assert_allclose(one.latent, other.latent, atol=1e-5)


@pytest.mark.parametrize("follows", [True, False])
def test_the_picture_follows_the_caption_if_so_made(tmp_path, follows):
    system = tiny.system(tmp_path, picture_follows_caption=follows)
    prepared = system.prepare(tiny.raw_batch())
    context = _context(system, prepared)
    caption = prepared["tokens"][:, -1]
    one, same, other = (
        system.model.next_frame(context, told)
        for told in (
            caption,
            tf.identity(caption),
            tf.where(caption > 3, 4 + (caption - 3) % 8, caption),
        )
    )
    np.testing.assert_array_equal(one.painted, same.painted)
    assert np.array_equal(one.painted, other.painted) is not follows
    assert np.array_equal(one.latent, other.latent) is not follows


def test_a_caption_to_draw_after_reaches_the_picture_alone(tmp_path):
    system = tiny.system(tmp_path, picture_follows_caption=True)
    prepared = system.prepare(tiny.raw_batch())
    tokens = prepared["tokens"]
    alone = _context(system, prepared)
    frames = pictures.to_unit(prepared["images"])[:, :-1]
    together = system.model.read(frames, tokens)
    np.testing.assert_allclose(alone.states, together.states, atol=1e-5)
    np.testing.assert_allclose(
        alone.memory.slots, together.memory.slots, atol=1e-5
    )
    one, same = (
        system.model.caption_logits(context, tokens[:, -3:])
        for context in (alone, together)
    )
    np.testing.assert_allclose(one, same, atol=1e-5)
    drawing = system.model.next_frame(alone, tokens[:, -1])
    other = system.model.next_frame(together)
    np.testing.assert_allclose(drawing.painted, other.painted, atol=1e-5)


def test_in_use_the_picture_does_not_know_the_true_caption(tmp_path):
    """It follows the caption that was written."""
    system = tiny.system(tmp_path, picture_follows_caption=True)
    prepared = system.prepare(tiny.raw_batch())
    tokens = prepared["tokens"]
    told = tf.concat([tokens[:, :-1], tokens[:, :1]], axis=1)
    sums, others = (
        system.evaluate({**prepared, "tokens": captions})
        for captions in (tokens, told)
    )
    assert not np.allclose(sums["nll"], others["nll"])
    np.testing.assert_array_equal(
        sums["absolute_error"], others["absolute_error"]
    )


def test_what_is_drawn_follows_what_is_written(tmp_path, monkeypatch):
    system = tiny.system(tmp_path, picture_follows_caption=True)
    prepared = system.prepare(tiny.raw_batch())
    context = _context(system, prepared)
    told = []

    def next_frame(context, caption):
        told.append(caption)
        return Drawing(context.frames[:, 0], None, None)

    monkeypatch.setattr(system.model, "next_frame", next_frame)
    length = system.tokenizer.length
    frame, tokens, _ = captioning.draw_and_write(
        context, system.model, length, tf.ones([3]), tf.range(3, dtype=tf.int64)
    )
    np.testing.assert_array_equal(frame, context.frames[:, 0])
    np.testing.assert_array_equal(told[0][:, 0], [1, 1, 1])  # The start.
    np.testing.assert_array_equal(told[0][:, 1:], tokens)
    assert told[0].shape == (3, length)
    # What is measured is drawn after the likeliest caption.
    captioning.draw(context, system.model, length)
    likeliest, _ = captioning.write_captions(
        context, system.model, length, tf.zeros([3]), tf.zeros([3], tf.int64)
    )
    np.testing.assert_array_equal(told[1][:, 1:], likeliest)


def test_padding_changes_nothing(system):
    """A caption's vector and states do not depend on the room behind it."""
    tokens = tf.constant([[1, 4, 5, 2, 0, 0, 0, 0], [1, 6, 2, 0, 0, 0, 0, 0]])
    words, vectors = system.model.caption_encoder(tokens)
    fewer, same_vectors = system.model.caption_encoder(tokens[:, :5])
    np.testing.assert_allclose(vectors, same_vectors, atol=1e-6)
    mask = tokens[:, :5] != 0
    np.testing.assert_allclose(words[:, :5][mask], fewer[mask], atol=1e-6)


def test_copying_gives_a_distribution_that_favours_context_words(tmp_path):
    system = tiny.system(tmp_path, copy_words=True)
    prepared = system.prepare(tiny.raw_batch(1))
    context = _context(system, prepared)
    decoder = system.model.caption_decoder
    # A gate shut on writing leaves copies alone.
    decoder._pointer._gate.bias.assign([-50.0])
    logits = system.model.caption_logits(context, prepared["tokens"][:, -1:])
    probabilities = np.exp(logits[0, 0])
    np.testing.assert_allclose(probabilities.sum(-1), 1.0, rtol=1e-5)
    in_context = np.unique(prepared["tokens"][:, :-1])
    np.testing.assert_allclose(
        probabilities[:, in_context[in_context != 0]].sum(-1), 1.0, atol=1e-4
    )


def test_weights_of_the_same_token_add_up():
    weights = tf.constant([[[0.1, 0.2, 0.7]], [[0.5, 0.25, 0.25]]])
    tokens = tf.constant([[3, 1, 3], [0, 0, 2]])
    np.testing.assert_allclose(
        captions._sum_by_token(weights, tokens, 4),
        [[[0, 0.2, 0, 0.8]], [[0.75, 0, 0.25, 0]]],
        atol=1e-7,
    )


def test_refiner_begins_with_the_last_frame():
    tf.keras.utils.set_random_seed(0)
    frames = tf.random.stateless_uniform([2, 4, 16, 16, 3], [1, 2])
    refiner = Refiner(4)
    inputs = (frames, frames[:, 0], tf.zeros([2, 8]))
    frame, painted, _ = refiner(*inputs)
    np.testing.assert_allclose(frame, frames[:, -1], atol=1e-6)
    assert np.min(painted) >= 0 and np.max(painted) <= 1
    # While it learns: four choices of weight 1 and the last frame's exp(3).
    frame, painted, choices = refiner(*inputs, training=True)
    last = np.exp(3) / (np.exp(3) + 4)
    np.testing.assert_allclose(
        tf.nn.softmax(choices),
        np.full([2, 8, 8, 5], [(1 - last) / 4] * 3 + [last, (1 - last) / 4]),
        rtol=1e-5,
    )
    others = tf.reduce_sum(frames[:, :3], axis=1) + painted
    expected = (np.exp(3) * frames[:, 3] + others) / (np.exp(3) + 4)
    np.testing.assert_allclose(frame, expected, atol=1e-5)


def test_little_weights_go():
    weights = tf.constant([[0.05, 0.1, 0.15, 0.2, 0.5], [0.2] * 5])
    # Half of the even weight, 0.1, is taken from each; 0.05, 0.1 and 0.4
    # are left, and their sum is 0.55.
    np.testing.assert_allclose(
        without_least(weights),
        [[0, 0, 1 / 11, 2 / 11, 8 / 11], [0.2] * 5],
        rtol=1e-5,
        atol=1e-7,
    )


@pytest.mark.parametrize("policy", ["mixed_bfloat16", "mixed_float16"])
def test_a_frame_is_copied_exactly_in_mixed_precision(policy):
    before = tf.keras.mixed_precision.global_policy()
    tf.keras.mixed_precision.set_global_policy(policy)
    try:
        refiner = Refiner(4)
        frames = tf.random.stateless_uniform([2, 4, 16, 16, 3], [1, 2])
        refined = refiner(frames, frames[:, 0], tf.zeros([2, 8]))
    finally:
        tf.keras.mixed_precision.set_global_policy(before)
    assert all(part.dtype == tf.float32 for part in refined)
    np.testing.assert_allclose(refined.frame, frames[:, -1], atol=1e-6)


@pytest.mark.parametrize("choices", [2, 5, 12, 40])
def test_even_weights_stay_even(choices):
    weights = tf.fill([3, choices], 1 / choices)
    np.testing.assert_allclose(without_least(weights), weights, rtol=1e-5)
