"""TextGan: lines of text, word by word (seed document 002, section 4)."""

from tfstory import examples
from tfstory.errors import UserError
from tfstory.systems import checks
from tfstory.systems.policy.codec import Codec, WordCodec
from tfstory.systems.policy.system import PolicySystem
from tfstory.text import words
from tfstory.text.tokenizer import Tokenizer


class TextGan(PolicySystem):
    """A policy over the words of a vocabulary."""

    text_feature = examples.TEXT
    writes_text = True

    @classmethod
    def check(cls, config):
        super().check(config)
        if config.evaluation.oracle:
            raise UserError(
                "config.evaluation.oracle judges numbered tokens, of seq_gan; "
                "leave it empty for text"
            )
        checks.vocabulary(config.data)
        checks.at_least(config.data, "data", max_tokens=3)
        checks.one_of("data.splitter", config.data.splitter, words.SPLITTERS)

    @classmethod
    def example_format(cls, config):
        return examples.TEXTS

    @classmethod
    def longest(cls, config) -> int:
        return config.data.max_tokens - 1

    def word_weights(self):
        return [
            *self.model.word_weights,
            (self.unigrams.log_probabilities, 0),
        ]

    def make_codec(self) -> Codec:
        data = self.config.data
        return WordCodec(
            Tokenizer(self.vocabulary_path, data.max_tokens, data.splitter)
        )
