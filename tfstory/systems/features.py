"""Raw stories to what the networks take, for systems that read stories."""

from collections.abc import Mapping

import tensorflow as tf

from tfstory import pictures, stories
from tfstory.text.tokenizer import Tokenizer

# Made by the pipeline's Transform; made here where it is not there.
TOKENS = "tokens"
DECIDED_TOKENS = "decided_tokens"


def prepare(
    batch: Mapping[str, tf.Tensor], tokenizer: Tokenizer, image_size: int
) -> dict[str, tf.Tensor]:
    """Decodes pictures and tokenises sentences.

    Args:
      batch: raw stories: `images`, `sentences` and, where known, `decided`,
        string `[batch, frames]`; `tokens` in place of being tokenised.
      tokenizer: Tokenizer.
      image_size: int, pixels.

    Returns:
      `images` uint8 `[batch, frames, size, size, 3]`; `tokens` and, where
      the input has it, `decided_tokens` int32 `[batch, frames, length]`.
    """
    result = {
        stories.IMAGES: pictures.decode(batch[stories.IMAGES], image_size)
    }
    if TOKENS in batch:
        result[TOKENS] = tf.cast(batch[TOKENS], tf.int32)
    else:
        result[TOKENS] = tokenizer.tokenize(batch[stories.SENTENCES])
    if stories.DECIDED in batch:
        result[DECIDED_TOKENS] = tokenizer.tokenize(batch[stories.DECIDED])
    return result
