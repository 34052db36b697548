"""What Transform does: the vocabulary, and sentences to token ids."""

from collections.abc import Mapping
from typing import Any

import tensorflow as tf
import tensorflow_transform as tft

from tfstory.text import tokenizer, vocabulary, words

TOKENS = "tokens"
VOCABULARY = "vocabulary"


def preprocessing_fn(
    inputs: Mapping[str, tf.Tensor], custom_config: Mapping[str, Any]
) -> dict[str, tf.Tensor]:
    """Adds `tokens` to the raw features, which pass through.

    Words and ids come from the functions that training and serving use
    (`words.SPLITTERS`, `tokenizer.token_ids`); only the vocabulary is counted
    here, over the whole training split.

    Args:
      inputs: the raw features; the text is string `[batch, frames]`.
      custom_config: `text_feature`, str, the feature that holds the text, ""
        for systems without; `vocabulary_size`, int, number of ids;
        `min_word_count`, int, as in `tfstory.text.vocabulary.write`;
        `max_tokens`, int, ids a sentence; `splitter`, str, of
        `tfstory.text.words.SPLITTERS`.

    Returns:
      The raw features, and `tokens`, int64 `[batch, ..., max_tokens]`.
    """
    outputs = dict(inputs)
    if not custom_config["text_feature"]:
        return outputs
    sentences = inputs[custom_config["text_feature"]]
    most = custom_config["vocabulary_size"] - vocabulary.NUM_SPECIAL
    splitter = custom_config["splitter"]
    found = words.SPLITTERS[splitter].split(tf.reshape(sentences, [-1]))
    # The same words in the same order as `vocabulary.write` gives.
    known = tft.vocabulary(
        tf.ragged.boolean_mask(
            found, found != vocabulary.UNKNOWN_WORD
        ).to_sparse(),
        top_k=most,
        frequency_threshold=custom_config["min_word_count"],
        coverage_top_k=min(vocabulary.ALWAYS_KEPT, most),
        key_fn=_one_key,
        vocab_filename=VOCABULARY,
    )

    def lookup(found: tf.RaggedTensor) -> tf.RaggedTensor:
        return found.with_flat_values(
            tft.apply_vocabulary(
                found.flat_values,
                known,
                default_value=tokenizer.UNKNOWN_INDEX,
            )
        )

    tokens = tokenizer.token_ids(
        sentences, lookup, custom_config["max_tokens"], splitter
    )
    outputs[TOKENS] = tf.cast(tokens, tf.int64)
    return outputs


def _one_key(word: str) -> str:
    """What words are covered by: all together, not some of each kind."""
    del word
    return ""
