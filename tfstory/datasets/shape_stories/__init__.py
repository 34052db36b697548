"""Shape stories: drawn by rules, told in sentences, repeatable from a seed."""

from tfstory.datasets.shape_stories.stories import (
    ShapeStory,
    generate_scenes,
    generate_stories,
    generate_story,
)

__all__ = [
    "ShapeStory",
    "generate_scenes",
    "generate_stories",
    "generate_story",
]
