"""Every setting of TextGan, with the seed document's values."""

import ml_collections

from tfstory.systems import defaults as shared
from tfstory.systems.policy import defaults as policy


def get_config() -> ml_collections.ConfigDict:
    """Returns the config that the files in `configs/text_gan` change."""
    config = policy.get_config()
    config.system = "text_gan"

    config.data = shared.data("text_lines")
    # Longest line in tokens, start and end included; the rest is cut.
    config.data.max_tokens = 40
    config.data.vocabulary_size = 10_000
    # Rarer words are unknown ones, in a vocabulary of more than 100 words.
    config.data.min_word_count = 2
    # "words" (normalised, marks apart), "blanks" for text that is split
    # already, or "characters".
    config.data.splitter = "words"

    config.pipeline = shared.pipeline(
        dict(perplexity=1_000.0, diversity=0.5),
        better_than_baselines=("perplexity",),
        no_worse=("perplexity",),
        no_worse_tolerance=0.05,
    )
    return config
