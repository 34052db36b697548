"""Configs that StoryReasoning cannot be made from."""

import pytest
import tensorflow as tf

from tests.systems.story_reasoning import tiny
from tfstory.errors import UserError
from tfstory.systems import replicas
from tfstory.systems.story_reasoning.system import StoryReasoning


@pytest.mark.parametrize(
    ("key", "value", "message"),
    [
        ("data.image_size", 100, "multiple of 8 and 16 or more, .* try 104"),
        ("data.image_size", 8, "try 16"),
        ("data.frames", 1, "frames must be 2 or more, not 1"),
        ("data.frames", 2, "attention_hops needs config.data.frames of 3"),
        ("data.max_tokens", 2, "max_tokens must be 3 or more"),
        ("data.min_word_count", 0, "min_word_count must be 1 or more"),
        ("stages.sequence.captions", 0, "captions must be 1 or more"),
        ("stages.sequence.clip_norm", -1.0, "clip_norm must be 0.0 or more"),
        ("data.vocabulary_size", 4, "vocabulary_size must be 5 or more"),
        ("model.normalization", "layer", "choose one of batch, group, none"),
        ("model.attention_hops", 0, "copy_words needs attention_hops"),
        ("stages.sequence.batch_size", 0, "sequence.batch_size must be 1"),
        ("stages.autoencoder.epochs", 0, "autoencoder.epochs must be 1"),
        ("model.encoder_widths", (), "encoder_widths must have a width"),
        ("model.encoder_widths", (8, 0), "encoder_widths must have a width"),
        ("model.units", 0, "model.units must be 1 or more, not 0"),
        ("model.attention_hops", -1, "attention_hops must be 0 or more"),
        ("model.loss_weights.choice_loss", -0.1, "choice_loss must be 0.0 or"),
        ("seed", -1, "seed must be from 0 to 2147483647, not -1"),
        ("seed", 2**31, "seed must be from 0 to 2147483647, not 2147483648"),
        ("training.checkpoint_every_steps", 0, "every_steps must be 1"),
        ("training.keep_checkpoints", 0, "keep_checkpoints must be 1"),
        ("training.shuffle_buffer", 0, "shuffle_buffer must be 1"),
    ],
)
def test_bad_values_are_named(key, value, message):
    config = tiny.config()
    config.update_from_flattened_dict({key: value})
    with pytest.raises(UserError, match=message):
        StoryReasoning.check(config)


def test_every_part_of_the_loss_has_a_weight():
    config = tiny.config()
    config.model.loss_weights = {"image_loss": 1.0}
    with pytest.raises(UserError, match="must have caption_loss,"):
        StoryReasoning.check(config)


def test_following_the_caption_needs_a_memory_of_it():
    config = tiny.config(attention_hops=0, copy_words=False)
    with pytest.raises(UserError, match="follows_caption needs attention_hops"):
        StoryReasoning.check(config)


def test_groups_need_channels():
    widths = {"encoder_widths": (8, 12)}
    with pytest.raises(UserError, match=r"multiples of 8, not \(8, 12\)"):
        StoryReasoning.check(tiny.config(normalization="group", **widths))
    StoryReasoning.check(tiny.config(normalization="batch", **widths))


def test_groups_of_the_widths_make_a_model(tmp_path):
    system = tiny.system(
        tmp_path, normalization="group", encoder_widths=(8, 24)
    )
    assert system.networks


def test_the_largest_seed_passes_and_draws():
    config = tiny.config()
    config.seed = 2**31 - 1
    StoryReasoning.check(config)
    assert replicas.step_seed(config.seed, 0, tf.constant(1)).shape == [2]


def test_good_values_pass():
    StoryReasoning.check(tiny.config())
    StoryReasoning.check(tiny.config("seed"))


def test_an_unknown_metric_to_keep_the_best_of_is_named(tmp_path):
    system = tiny.system(tmp_path)
    system.config.stages.autoencoder.keep_best = "perplexity"
    with pytest.raises(UserError, match="choose one of autoencoder_l1"):
        system.stages()
