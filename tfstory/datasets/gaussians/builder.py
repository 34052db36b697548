"""Builder of Gaussian numbers, which tfstory draws itself."""

import functools
from collections.abc import Iterator

from tfstory.datasets import splits
from tfstory.datasets.candidates import Candidate
from tfstory.datasets.gaussians.mixture import Mixture
from tfstory.datasets.lots import Lots
from tfstory.datasets.number_builder import NumberBuilder
from tfstory.datasets.source_files import SourceFiles


class Gaussians(NumberBuilder):
    """Independent draws from a Gaussian, or from a mixture of Gaussians.

    Seed document 002, section 2: one component of mean 0 and variance 1.

    Raises:
      UserError: as `Mixture`, or as the base class.
    """

    DESCRIPTION = "Numbers of a mixture of Gaussians, drawn from a seed."
    ARGUMENTS = {
        "seed": 0,
        "means": (0.0,),
        "variances": (1.0,),
        # The components' shares; they need not sum to 1.
        "weights": (1.0,),
        "train_examples": 45_000,
        "validation_examples": 1_000,
        "test_examples": 10_000,
    }
    name = "gaussians"

    def __init__(self, **arguments):
        super().__init__(**arguments)
        self._mixture = Mixture(
            self.arguments["means"],
            self.arguments["variances"],
            self.arguments["weights"],
        )

    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """See the base class."""
        for split in splits.SPLITS:
            lots = Lots(f"gaussians {split} {self.arguments['seed']}")
            for index in range(self.arguments[f"{split}_examples"]):
                value = self._mixture.draw(lots.real(), lots.real())
                yield Candidate(
                    f"{split}-{index:07d}",
                    functools.partial(float, value),
                    split,
                )
