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


def get_ptb_config() -> ml_collections.ConfigDict:
    """Returns the seed document's setting, on the Penn Treebank.

    Perplexity is over all tokens: 10,000 kinds, "<unk>" and the end among
    them; no line is cut.
    """
    config = get_config()
    config.data.dataset = "ptb"
    config.data.max_tokens = 84
    # Padding and the start are never predicted.
    config.data.vocabulary_size = 10_002
    config.data.min_word_count = 1
    config.data.splitter = "blanks"
    config.data.max_validation_examples = 0
    config.data.max_test_examples = 0
    config.model.noise = 0.1
    config.stages.likelihood.batch_size = 20
    return config


def get_ptb_policy_config() -> ml_collections.ConfigDict:
    """Returns the setting of the seed document's three GANs, on PTB.

    A reward at every step, what its discriminator says of the sentence so far;
    steps of policy and discriminator in turn, ten passes over the data.
    """
    config = get_ptb_config()
    config.stages.likelihood.epochs = 0
    config.stages.adversarial.epochs = 10
    # Validation has the policy write a sentence for each line.
    config.data.max_validation_examples = 1_000
    return config
