"""StoryReasoning's metrics as per-example sums."""

from collections.abc import Mapping

import tensorflow as tf

from tfstory import pictures, stories
from tfstory.metrics import tokens as token_metrics
from tfstory.metrics.pictures import absolute_error, value_count
from tfstory.metrics.ratio import Ratio
from tfstory.metrics.ssim import ssim
from tfstory.systems import features
from tfstory.systems.story_reasoning import captioning
from tfstory.systems.story_reasoning.model import StoryModel
from tfstory.systems.story_reasoning.statistics import Statistics

AUTOENCODER_RATIOS: Mapping[str, Ratio] = {
    "autoencoder_l1": Ratio(
        "autoencoder_absolute_error",
        "all_pixels",
        about="mean absolute error of pictures through the autoencoder, of 1",
    ),
    "autoencoder_l1_mean_picture": Ratio(
        "all_mean_picture_absolute_error",
        "all_pixels",
        baseline_of="autoencoder_l1",
    ),
}

NEXT_FRAME_RATIOS: Mapping[str, Ratio] = {
    "l1": Ratio(
        "absolute_error",
        "pixels",
        about="mean absolute error of the next picture, of 1",
    ),
    "l1_copy_last": Ratio(
        "copy_last_absolute_error", "pixels", baseline_of="l1"
    ),
    "l1_mean_picture": Ratio(
        "mean_picture_absolute_error", "pixels", baseline_of="l1"
    ),
    "ssim": Ratio(
        "ssim",
        "pictures",
        higher_is_better=True,
        about="structural similarity of the next picture to the true one",
    ),
    "ssim_copy_last": Ratio(
        "copy_last_ssim", "pictures", higher_is_better=True, baseline_of="ssim"
    ),
    "ssim_mean_picture": Ratio(
        "mean_picture_ssim",
        "pictures",
        higher_is_better=True,
        baseline_of="ssim",
    ),
    "token_accuracy": Ratio(
        "right_tokens",
        "tokens",
        higher_is_better=True,
        about="share of the next caption's words that are right, each after "
        "the true words before it",
    ),
    "token_accuracy_most_frequent": Ratio(
        "most_frequent_right",
        "tokens",
        higher_is_better=True,
        baseline_of="token_accuracy",
    ),
    "decided_token_accuracy": Ratio(
        "decided_right_tokens",
        "decided_tokens",
        higher_is_better=True,
        about="the same, of the words that the story decides",
    ),
    # 2^H with H in bits a token is e^(nats a token).
    "perplexity": Ratio(
        "nll",
        "tokens",
        transform="exp",
        about="words that the model hesitates between, on average",
    ),
    "perplexity_unigram": Ratio(
        "unigram_nll", "tokens", transform="exp", baseline_of="perplexity"
    ),
}


def autoencoder_sums(
    batch: Mapping[str, tf.Tensor], model: StoryModel, statistics: Statistics
) -> dict[str, tf.Tensor]:
    """Returns the sums of `AUTOENCODER_RATIOS`, float32 `[batch]` each.

    Args:
      batch: prepared batch.
      model: StoryModel.
      statistics: Statistics.
    """
    frames = pictures.to_unit(batch[stories.IMAGES])
    flat = tf.reshape(frames, [-1, *frames.shape[2:]])
    decoded = tf.reshape(model.decoder(model.encoder(flat)), tf.shape(frames))
    mean = _mean_picture(statistics)[tf.newaxis]  # [1, 1, h, w, 3]
    return {
        "autoencoder_absolute_error": absolute_error(decoded, frames),
        "all_mean_picture_absolute_error": absolute_error(mean, frames),
        "all_pixels": value_count(frames),
    }


def next_frame_sums(
    batch: Mapping[str, tf.Tensor], model: StoryModel, statistics: Statistics
) -> dict[str, tf.Tensor]:
    """Returns the sums of `NEXT_FRAME_RATIOS`, float32 `[batch]` each.

    Captions are scored teacher-forced: each token from the true ones before.

    Args:
      batch: prepared batch.
      model: StoryModel.
      statistics: Statistics.
    """
    frames = pictures.to_unit(batch[stories.IMAGES])
    tokens = batch[features.TOKENS]
    context = model.read(frames[:, :-1], tokens[:, :-1])
    target = frames[:, -1]
    last = frames[:, -2]
    mean = _mean_picture(statistics)
    # Never after the true caption, which is not known in use.
    predicted = captioning.draw(context, model, tokens.shape[-1])
    logits = model.caption_logits(context, tokens[:, -1:])[:, 0]
    targets = tokens[:, -1, 1:]
    # Where the dataset does not say, nothing counts as decided.
    decided = batch.get(features.DECIDED_TOKENS, tf.zeros_like(tokens))
    return {
        "absolute_error": absolute_error(predicted, target),
        "copy_last_absolute_error": absolute_error(last, target),
        "mean_picture_absolute_error": absolute_error(mean, target),
        "pixels": value_count(target),
        "ssim": ssim(predicted, target),
        "copy_last_ssim": ssim(last, target),
        "mean_picture_ssim": ssim(
            tf.broadcast_to(mean, tf.shape(target)), target
        ),
        "pictures": tf.ones([tf.shape(target)[0]]),
        **token_metrics.token_sums(logits, targets),
        **token_metrics.decided_token_sums(logits, targets, decided[:, -1, 1:]),
        **token_metrics.unigram_sums(
            targets,
            tf.convert_to_tensor(statistics.token_log_probabilities),
        ),
    }


def _mean_picture(statistics: Statistics) -> tf.Tensor:
    """Returns it as a batch of one, `[1, height, width, 3]`."""
    return tf.convert_to_tensor(statistics.mean_picture)[tf.newaxis]
