"""The base of all dataset builders: checks stories and writes good ones."""

import abc
import itertools
import os
import re
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfstory import stories
from tfstory.datasets import arguments as arguments_lib
from tfstory.datasets import pictures, splits, texts
from tfstory.datasets.candidates import BadStory, Candidate, Frame
from tfstory.datasets.report import Report
from tfstory.datasets.source_files import SourceFiles
from tfstory.errors import UserError


class StoryBuilder(
    tfds.core.GeneratorBasedBuilder, abc.ABC, skip_registration=True
):
    """Turns a source of stories into a prepared TFDS dataset.

    A subclass names its source's files and yields `Candidate`s; this class
    reads the source, leaves out what is bad, splits by story, and writes a
    report beside the data.

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
    # A bad frame leaves the rest of its story in use, as if the frame had
    # never been; else the whole story is left out.
    LEAVES_OUT_FRAMES: ClassVar[bool] = False
    # Frames without words belong to the story.
    ALLOWS_NO_WORDS: ClassVar[bool] = False
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
        self._report = Report(self.name, self.arguments)

    @abc.abstractmethod
    def candidates(self, source: SourceFiles | None) -> Iterator[Candidate]:
        """Yields the stories of the source, in the same order every time.

        Called more than once; must not read pictures before a candidate's
        `frames` is called.

        Args:
          source: the source's files; None where `WANTED` is None.

        Raises:
          UserError: the files are not laid out as the source lays them out.
        """

    def extra_features(self) -> dict[str, Any]:
        """Returns TFDS features of one frame besides those of all stories."""
        return {}

    def fingerprint(self, manual_dir: str | os.PathLike) -> str:
        """Returns a hash that changes when the source's files do."""
        if self.WANTED is None:
            return ""
        source = SourceFiles(self.WANTED)
        source.add_directory(manual_dir)
        return source.fingerprint()

    def _info(self) -> tfds.core.DatasetInfo:
        text = tfds.features.Text()
        per_frame = {
            stories.IMAGES: tfds.features.Image(shape=(None, None, 3)),
            stories.SENTENCES: text,
            stories.DECIDED: text,
            **self.extra_features(),
        }
        return tfds.core.DatasetInfo(
            builder=self,
            description=self.DESCRIPTION or self.name,
            homepage=self.HOMEPAGE or None,
            features=tfds.features.FeaturesDict(
                {
                    stories.STORY_ID: text,
                    stories.SOURCE: text,
                    **{
                        name: tfds.features.Sequence(feature)
                        for name, feature in per_frame.items()
                    },
                }
            ),
        )

    def _split_generators(self, dl_manager):
        self._report = Report(self.name, self.arguments)
        source = self._source(dl_manager)
        candidates = self._unique_candidates(source)
        undecided = {c.story_id: c for c in candidates if c.split is None}
        hashed = splits.of_good(
            undecided, lambda story_id: self._is_good(undecided[story_id])
        )
        generators = {}
        for split in splits.SPLITS:
            generator = self._generate_examples(
                split,
                [
                    c
                    for c in candidates
                    if (c.split or hashed[c.story_id]) == split
                ],
            )
            # TFDS fails on an empty split: leave it out.
            first = next(generator, None)
            if first is not None:
                generators[split] = itertools.chain([first], generator)
        if not generators:
            reasons = self._report.first_reasons()
            raise UserError(
                f"{self.name}: no story is left"
                + (f" ({reasons})" if reasons else "")
                + f"; expected {self.LAYOUT or 'at least one story'}"
            )
        return generators

    def _generate_examples(self, split, candidates):
        for candidate in candidates:
            try:
                frames = self._good_frames(candidate, self._report)
            except BadStory as error:
                self._report.leave_out(candidate.story_id, str(error))
                continue
            self._report.keep(split, len(frames))
            example = {
                stories.STORY_ID: candidate.story_id,
                stories.SOURCE: self.name,
                stories.IMAGES: [frame.picture for frame in frames],
                stories.SENTENCES: [frame.sentence for frame in frames],
                stories.DECIDED: [frame.decided for frame in frames],
            }
            for name in self.extra_features():
                example[name] = [frame.extras[name] for frame in frames]
            yield candidate.story_id, example

    def _download_and_prepare(self, dl_manager, download_config):
        super()._download_and_prepare(dl_manager, download_config)
        # Still in the temporary directory: data and report appear together.
        self._report.write(self.data_dir)

    def _unique_candidates(self, source):
        candidates = {}
        for candidate in self.candidates(source):
            try:
                texts.checked(candidate.story_id)
            except BadStory:
                self._report.leave_out(
                    candidate.story_id, "its name is not UTF-8"
                )
                continue
            if candidate.story_id in candidates:
                self._report.leave_out(
                    candidate.story_id, "another story has the same name"
                )
            else:
                candidates[candidate.story_id] = candidate
        return list(candidates.values())

    def _is_good(self, candidate):
        unused = Report(self.name, self.arguments)
        try:
            self._good_frames(candidate, unused)
        except BadStory:
            return False
        return True

    def _good_frames(self, candidate, report):
        good = []
        for position, frame in enumerate(candidate.frames()):
            try:
                good.append(self._checked(frame, report))
            except BadStory as error:
                if not self.LEAVES_OUT_FRAMES:
                    raise BadStory(f"frame {position + 1}: {error}") from None
                report.leave_out(candidate.story_id, str(error), position)
        if not good:
            raise BadStory("it has no frame that can be used")
        return good

    def _checked(self, frame, report):
        sentence = texts.checked(frame.sentence)
        if not sentence and not self.ALLOWS_NO_WORDS:
            raise BadStory("its text is empty")
        picture = frame.picture
        try:
            picture = picture() if callable(picture) else picture
            picture = pictures.checked(picture)
        except BadStory as error:
            raise BadStory(f"picture: {error}") from None
        if not sentence:
            report.note("frames without words, kept")
        return Frame(picture, sentence, frame.decided, frame.extras)

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
            f"put {self.LAYOUT} into a directory and name it with --manual_dir"
        )
        if not self.URLS:
            raise UserError(f"{self.name} has no download: {expected}")
        try:
            return dl_manager.download(dict(self.URLS))
        except Exception as error:  # Whatever the network raises.
            raise UserError(
                f"{self.name}: the download failed ({error}); {expected}"
            ) from error
