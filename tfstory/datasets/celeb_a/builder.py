"""Builder of CelebA's aligned faces, downloaded by TFDS."""

import functools
import pathlib
from collections.abc import Iterator

import tensorflow_datasets as tfds

from tfstory.datasets.candidates import Candidate
from tfstory.datasets.source_files import SourceFiles
from tfstory.datasets.square_builder import FaceBuilder
from tfstory.errors import UserError


# TFDS has its own dataset of this name.
class CelebA(FaceBuilder, skip_registration=True):
    """The 202,599 faces of CelebA in its own splits.

    TFDS's `celeb_a` is downloaded and prepared below the data directory; it
    wants about 2 GB there, and as much memory.
    """

    DESCRIPTION = "CelebA (Liu et al. 2015), aligned and cropped, by TFDS."
    name = "celeb_a"

    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """See the base class."""
        published = self._published()
        self._attributes = {}
        for split, info in published.info.splits.items():
            faces = _InOrder(published, split)
            for index in range(info.num_examples):
                name = f"{split}-{index:06d}"
                yield Candidate(
                    name,
                    functools.partial(self._read, faces, index, name),
                    split,
                )

    def attributes(self, name):
        """See the base class."""
        return self._attributes.pop(name)

    def _read(self, faces, index, name):
        face = faces.at(index)
        self._attributes[name] = [
            attribute for attribute, has in face["attributes"].items() if has
        ]
        return face["image"]

    def _published(self):
        directory = pathlib.Path(self.data_dir).parents[2] / "tfds"
        try:
            builder = tfds.builder("celeb_a", data_dir=directory)
            builder.download_and_prepare()
        except Exception as error:  # Whatever the network raises.
            raise UserError(
                f"{self.name}: the download failed "
                f"({' '.join(str(error).split())[:200]}); with a copy of the "
                "files, take the dataset faces"
            ) from error
        return builder


class _InOrder:
    """Reads a split by index; cheap where the indices go up."""

    def __init__(self, builder, split):
        self._faces = builder.as_dataset(
            split=split,
            decoders={"image": tfds.decode.SkipDecoding()},
            shuffle_files=False,
        )
        self._next = None

    def at(self, index: int):
        if self._next is None or self._next > index:
            self._iterator = self._faces.as_numpy_iterator()
            self._next = 0
        while True:
            face = next(self._iterator)
            self._next += 1
            if self._next > index:
                return face
