"""The base of all dataset builders: checks examples, writes good ones."""

import abc
import collections
import itertools
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import ml_collections
import tensorflow as tf
import tensorflow_datasets as tfds

from tfstory.datasets import arguments as arguments_lib
from tfstory.datasets import report as report_lib
from tfstory.datasets import splits, texts
from tfstory.datasets.candidates import BadExample, Candidate
from tfstory.datasets.source_files import SourceFiles
from tfstory.errors import UserError


class DatasetBuilder(
    tfds.core.GeneratorBasedBuilder, abc.ABC, skip_registration=True
):
    """Turns a source of examples into a prepared TFDS dataset.

    A subclass names its source's files and yields `Candidate`s; this class
    reads the source, leaves out what is bad, splits by example, and writes a
    report beside the data. What an example is, the bases of single kinds say
    (`StoryBuilder`, `PictureBuilder`, `NumberBuilder`, `TextBuilder`,
    `TokenBuilder`).

    Args:
      data_dir: where prepared datasets lie.
      config: as in TFDS; left to `arguments` when None.
      version: as in TFDS.
      **arguments: values for `ARGUMENTS`. They name the TFDS config, so that
        data made with other arguments is other data.

    Raises:
      UserError: there is no such argument, or its value has a wrong type.
    """

    VERSION = tfds.core.Version("1.0.0")
    # What a user can choose, and the default.
    ARGUMENTS: ClassVar[Mapping[str, Any]] = {}
    # The smallest values allowed; 0 where nothing is said.
    AT_LEAST: ClassVar[Mapping[str, int]] = {}
    # Finds the source's files by name; None where nothing is read.
    WANTED: ClassVar[re.Pattern[str] | None] = None
    # What to fetch where no manual_dir is given, by file name.
    URLS: ClassVar[Mapping[str, str]] = {}
    # What belongs in manual_dir, as the end of a sentence.
    LAYOUT: ClassVar[str] = ""
    DESCRIPTION: ClassVar[str] = ""
    HOMEPAGE: ClassVar[str] = ""
    # Examples keep the source's order; else TFDS mixes them, the same every
    # time.
    KEEPS_ORDER: ClassVar[bool] = False
    # What the report counts.
    UNIT: ClassVar[report_lib.Unit]
    # TFDS hands out a manual_dir only where this is set.
    MANUAL_DOWNLOAD_INSTRUCTIONS = "the files as their source lays them out"
    # TFDS 4.9 would look for checksums beside the code, with a package that
    # it does not declare; there are none.
    code_path = None

    def __init__(
        self,
        *,
        data_dir: str | os.PathLike | None = None,
        config: str | tfds.core.BuilderConfig | None = None,
        version: str | None = None,
        **arguments: Any,
    ):
        self.arguments = arguments_lib.checked(
            self.name, self.ARGUMENTS, arguments, self.AT_LEAST
        )
        if config is None:
            config = tfds.core.BuilderConfig(
                name=arguments_lib.config_name(self.ARGUMENTS, self.arguments),
                version=self.VERSION,
            )
        super().__init__(data_dir=data_dir, config=config, version=version)
        self._report = self._new_report()

    @abc.abstractmethod
    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """Yields the examples of the source, in the same order every time.

        Called more than once; must not read pictures before a candidate's
        `read` is called.

        Args:
          source: the source's files; None where `WANTED` is None.

        Raises:
          UserError: the files are not laid out as the source lays them out.
        """

    @abc.abstractmethod
    def example(
        self, candidate: Candidate, report: report_lib.Report
    ) -> dict[str, Any]:
        """Reads and checks a candidate.

        Args:
          candidate: one of `candidates`.
          report: takes what is left out of it, or unusual, all the same.

        Returns:
          What TFDS writes: feature name to value.

        Raises:
          BadExample: it cannot be used.
        """

    @abc.abstractmethod
    def examples(
        self, split: str, data: ml_collections.ConfigDict
    ) -> tf.data.Dataset:
        """Returns a split of the prepared data as raw examples.

        Args:
          split: "train", "validation" or "test"; there is such a split.
          data: a run's `config.data`.

        Returns:
          Raw examples, unbatched, in an order that is the same in every run.

        Raises:
          UserError: `data` asks for what the dataset cannot give.
        """

    @property
    def held_out_share(self) -> float:
        """The share that a hash gives to validation, and again to test."""
        return splits.HELD_OUT_SHARE

    def report(self) -> dict[str, Any]:
        """Returns the report beside the prepared data."""
        return report_lib.read(self.data_dir)

    def fingerprint(self, manual_dir: str | os.PathLike) -> str:
        """Returns a hash that changes when the source's files do."""
        if self.WANTED is None:
            return ""
        source = SourceFiles(self.WANTED)
        source.add_directory(manual_dir)
        return source.fingerprint()

    def read(self, split: str, decoders: Any = None) -> tf.data.Dataset:
        """Returns a prepared split in an order that is always the same.

        Args:
          split: "train", "validation" or "test".
          decoders: as in TFDS; None decodes all features.
        """
        return self.as_dataset(
            split=split,
            decoders=decoders,
            shuffle_files=False,
            read_config=tfds.ReadConfig(
                try_autocache=False, interleave_cycle_length=1
            ),
        )

    def _dataset_info(
        self, features: Mapping[str, Any]
    ) -> tfds.core.DatasetInfo:
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.DESCRIPTION or self.name,
            homepage=self.HOMEPAGE or None,
            features=tfds.features.FeaturesDict(features),
            disable_shuffling=self.KEEPS_ORDER,
        )

    def _new_report(self) -> report_lib.Report:
        return report_lib.Report(self.name, self.arguments, self.UNIT)

    def _count(self, example: Mapping[str, Any]) -> int:
        """Returns the frames of an example."""
        return 1

    def _split_generators(self, dl_manager):
        self._report = self._new_report()
        source = self._source(dl_manager)
        candidates = self._unique_candidates(source)
        undecided = collections.defaultdict(list)
        for candidate in candidates:
            if candidate.split is None:
                undecided[candidate.hashed].append(candidate)
        split_of = splits.of_good(
            undecided,
            lambda hashed: any(map(self._is_good, undecided[hashed])),
            self.held_out_share,
        )
        generators = {}
        for split in splits.SPLITS:
            generator = self._generate_examples(
                split,
                [
                    c
                    for c in candidates
                    if (c.split or split_of[c.hashed]) == split
                ],
            )
            # TFDS fails on an empty split: leave it out.
            first = next(generator, None)
            if first is not None:
                generators[split] = itertools.chain([first], generator)
        if not generators:
            reasons = self._report.first_reasons()
            raise UserError(
                f"{self.name}: no {self.UNIT.one} is left"
                + (f" ({reasons})" if reasons else "")
                + f"; expected {self.LAYOUT or f'at least one {self.UNIT.one}'}"
            )
        return generators

    def _generate_examples(self, split, candidates):
        for candidate in candidates:
            try:
                example = self.example(candidate, self._report)
            except BadExample as error:
                self._report.leave_out(candidate.name, str(error))
                continue
            self._report.keep(split, self._count(example))
            yield candidate.name, example

    def _download_and_prepare(self, dl_manager, download_config):
        super()._download_and_prepare(dl_manager, download_config)
        # Still in the temporary directory: data and report appear together.
        self._report.write(self.data_dir)

    def _unique_candidates(self, source):
        candidates = {}
        for candidate in self.candidates(source):
            try:
                texts.checked(candidate.name)
            except BadExample:
                self._report.leave_out(candidate.name, "its name is not UTF-8")
                continue
            if candidate.name in candidates:
                self._report.leave_out(
                    candidate.name, f"another {self.UNIT.one} has the same name"
                )
            else:
                candidates[candidate.name] = candidate
        return list(candidates.values())

    def _is_good(self, candidate):
        unused = self._new_report()
        try:
            self.example(candidate, unused)
        except BadExample:
            return False
        return True

    def _source(self, dl_manager):
        if self.WANTED is None:
            return None
        source = SourceFiles(self.WANTED)
        try:
            manual_dir = dl_manager.manual_dir
        except AssertionError:  # There is none, or it is empty.
            for name, path in self._downloads(dl_manager).items():
                source.add_file(path, name)
        else:
            source.add_directory(manual_dir)
            self._report.source = source.fingerprint()
        return source

    def _downloads(self, dl_manager):
        expected = (
            f"put {self.LAYOUT} into a directory and name it with "
            "--manual_dir (make's DATA_DIR)"
        )
        if not self.URLS:
            raise UserError(f"{self.name} has no download: {expected}")
        try:
            return dl_manager.download(dict(self.URLS))
        except Exception as error:  # Whatever the network raises.
            raise UserError(
                f"{self.name}: the download failed ({error}); {expected}"
            ) from error
