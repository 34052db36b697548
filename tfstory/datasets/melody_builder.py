"""The base of all builders of melodies."""

import dataclasses
import functools
from collections.abc import Sequence

from tfstory.datasets import report as report_lib
from tfstory.datasets.candidates import Candidate
from tfstory.datasets.token_builder import TokenBuilder
from tfstory.errors import UserError
from tfstory.music import tokens as tokens_lib


class MelodyBuilder(TokenBuilder, skip_registration=True):
    """Turns a source of melodies into a prepared TFDS dataset.

    Melodies of another length than `length` are cut, or left out where they
    are too short. Equal ones share a split. For the tokens see
    `tfstory.music.tokens`.
    """

    ARGUMENTS = {
        # Of the folk melodies published with ORGAN.
        "length": 36,
        # Three octaves from MIDI pitch 48 on, the rest and the hold.
        "vocabulary_size": 38,
    }
    UNIT = report_lib.MELODIES

    def __init__(self, **arguments):
        super().__init__(**arguments)
        size = self.arguments["vocabulary_size"]
        if size > tokens_lib.COUNT:
            raise UserError(
                f"{self.name}: vocabulary_size must be at most "
                f"{tokens_lib.COUNT}, the highest pitch that MIDI has, not "
                f"{size}"
            )

    def melody(self, name: str, tokens: Sequence[int]) -> Candidate:
        """Returns a melody of any length as a candidate."""
        return Candidate(
            name,
            functools.partial(tuple, tokens),
            # What is cut off makes no difference.
            alike=",".join(map(str, self._cut(tokens))),
        )

    def example(self, candidate, report):
        """See the base class."""
        melody = candidate.read()
        cut = functools.partial(self._cut, melody)
        example = super().example(
            dataclasses.replace(candidate, read=cut), report
        )
        length = self.arguments["length"]
        if len(melody) > length:
            report.note(f"longer than {length} tokens, cut")
        return example

    def _cut(self, tokens):
        return tokens[: self.arguments["length"]]
