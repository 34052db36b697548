"""Builder of the shape stories, which tfstory draws itself."""

import functools
from collections.abc import Iterator

from tfstory.datasets import splits
from tfstory.datasets.candidates import Candidate, Frame
from tfstory.datasets.shape_stories.stories import (
    MIN_IMAGE_SIZE,
    generate_story,
)
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.story_builder import StoryBuilder


class ShapeStories(StoryBuilder):
    """Shape stories: several objects, a rule, and sentences that tell it."""

    DESCRIPTION = "Stories of shapes that follow rules, drawn from a seed."
    ARGUMENTS = {
        "seed": 0,
        "train_stories": 8_000,
        "validation_stories": 500,
        "test_stories": 500,
        "image_size": 64,
        # First sentences that tell where everything stands.
        "described": False,
    }
    DRAWS_PICTURES = True
    AT_LEAST = {"image_size": MIN_IMAGE_SIZE}
    name = "shape_stories"

    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """See the base class."""
        for split in splits.SPLITS:
            for index in range(self.arguments[f"{split}_stories"]):
                yield Candidate(
                    f"shapes-{split}-{self.arguments['seed']}-{index:07d}",
                    functools.partial(self._frames, split, index),
                    split,
                )

    def _frames(self, split: str, index: int) -> list[Frame]:
        story = generate_story(
            self.arguments["seed"],
            split,
            index,
            self.arguments["image_size"],
            self.arguments["described"],
        )
        return [
            Frame(image, sentence, decided)
            for image, sentence, decided in zip(
                story.images, story.sentences, story.decided, strict=True
            )
        ]
