"""SeqGan: sequences of numbered tokens, melodies among them (seed 003)."""

from collections.abc import Sequence
from typing import Any

from tfstory import examples
from tfstory.datasets import registry as datasets
from tfstory.datasets.melody_builder import MelodyBuilder
from tfstory.datasets.oracle_sequences.builder import RANDOM, OracleSequences
from tfstory.datasets.token_builder import TokenBuilder
from tfstory.errors import UserError
from tfstory.sampling import oracle_parameters
from tfstory.systems.policy.codec import Codec, NumberCodec
from tfstory.systems.policy.system import PolicySystem

_MUSIC = ("tonality", "melodicity", "ratio_of_steps")


class SeqGan(PolicySystem):
    """A policy over numbers, whose sequences all have one length."""

    @classmethod
    def check(cls, config):
        super().check(config)
        if not issubclass(datasets.get(config.data.dataset), TokenBuilder):
            raise UserError(
                f"config.data.dataset {config.data.dataset!r} has no sequences "
                "of tokens; text_gan reads text"
            )
        _arguments(config)

    @classmethod
    def example_format(cls, config):
        return examples.token_sequences(cls.longest(config))

    @classmethod
    def longest(cls, config) -> int:
        return _arguments(config)["length"]

    def make_codec(self) -> Codec:
        arguments = _arguments(self.config)
        return NumberCodec(arguments["vocabulary_size"], arguments["length"])

    @classmethod
    def has_oracle(cls, config) -> bool:
        return super().has_oracle(config) or (
            config.data.dataset == OracleSequences.name
            and _arguments(config)["oracle"] == RANDOM
        )

    @classmethod
    def writes_melodies(cls, config) -> bool:
        return issubclass(datasets.get(config.data.dataset), MelodyBuilder)

    @property
    def reported_objectives(self) -> Sequence[str]:
        return _MUSIC if self.writes_melodies(self.config) else ()

    def oracle_parameters(self) -> oracle_parameters.OracleParameters | None:
        found = super().oracle_parameters()
        if found is not None or not self.has_oracle(self.config):
            return found
        arguments = _arguments(self.config)
        return oracle_parameters.draw_parameters(
            arguments["oracle_seed"], arguments["vocabulary_size"]
        )


def _arguments(config) -> dict[str, Any]:
    """Returns the dataset's arguments, those of the config among them."""
    builder = datasets.get(config.data.dataset)
    given = config.data.builder.to_dict()
    unknown = set(given) - set(builder.ARGUMENTS)
    if unknown:
        raise UserError(
            f"config.data.builder: {config.data.dataset} has no "
            f"{', '.join(sorted(unknown))}"
        )
    return {**builder.ARGUMENTS, **given}
