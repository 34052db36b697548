"""Finds a dataset's builder by name; each is imported only when used."""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

from tfstory.errors import UserError

if TYPE_CHECKING:  # The names alone come without TensorFlow.
    from tfstory.datasets.dataset_builder import DatasetBuilder

_BUILDERS = {
    "african_storybook": "african_storybook.builder:AfricanStorybook",
    "celeb_a": "celeb_a.builder:CelebA",
    "clevr_scenes": "clevr_scenes.builder:ClevrScenes",
    "clevr_sv": "clevr_sv.builder:ClevrSv",
    "codraw": "codraw.builder:Codraw",
    "essen_melodies": "essen_melodies.builder:EssenMelodies",
    "faces": "faces.builder:Faces",
    "gaussians": "gaussians.builder:Gaussians",
    "melodies": "melodies.builder:Melodies",
    "oracle_sequences": "oracle_sequences.builder:OracleSequences",
    "picture_folder": "picture_folder.builder:PictureFolder",
    "ptb": "ptb.builder:Ptb",
    "shape_scenes": "shape_scenes.builder:ShapeScenes",
    "shape_stories": "shape_stories.builder:ShapeStories",
    "story_folder": "story_folder.builder:StoryFolder",
    "story_reasoning": "story_reasoning.builder:StoryReasoning",
    "text_lines": "text_lines.builder:TextLines",
}


def names() -> list[str]:
    """Returns the names of all datasets."""
    return sorted(_BUILDERS)


def get(name: str) -> type[DatasetBuilder]:
    """Returns a dataset's builder class.

    Raises:
      UserError: there is no dataset of that name.
    """
    if name not in _BUILDERS:
        raise UserError(
            f"there is no dataset {name!r}; choose one of {', '.join(names())}"
        )
    module, attribute = _BUILDERS[name].split(":")
    return getattr(
        importlib.import_module(f"tfstory.datasets.{module}"), attribute
    )


def builder(
    name: str, data_dir: str | os.PathLike, **builder_args: Any
) -> DatasetBuilder:
    """Makes the builder of a dataset.

    Args:
      name: one of `names()`.
      data_dir: where prepared datasets lie.
      **builder_args: the builder's own arguments.

    Raises:
      UserError: there is no such dataset or argument.
    """
    return get(name)(data_dir=data_dir, **builder_args)
