"""The base of all builders of stories: checks frames and cuts windows."""

import logging
from typing import Any, ClassVar

import tensorflow_datasets as tfds

from tfstory import stories
from tfstory.datasets import pictures, texts
from tfstory.datasets import report as report_lib
from tfstory.datasets.candidates import BadExample, Frame
from tfstory.datasets.dataset_builder import DatasetBuilder
from tfstory.datasets.windows import windows
from tfstory.errors import UserError

_log = logging.getLogger(__name__)


class StoryBuilder(DatasetBuilder, skip_registration=True):
    """Turns a source of stories into a prepared TFDS dataset.

    A candidate's `read` gives the story's `Frame`s.
    """

    UNIT = report_lib.STORIES
    # A bad frame leaves the rest of its story in use, as if the frame had
    # never been; else the whole story is left out.
    LEAVES_OUT_FRAMES: ClassVar[bool] = False
    # Pictures are drawn here, as RGB PNG files: there is nothing to check.
    DRAWS_PICTURES: ClassVar[bool] = False
    # Frames without words belong to the story.
    ALLOWS_NO_WORDS: ClassVar[bool] = False

    def extra_features(self) -> dict[str, Any]:
        """Returns TFDS features of one frame besides those of all stories."""
        return {}

    def example(self, candidate, report):
        """See the base class."""
        frames = self._good_frames(candidate, report)
        return {
            stories.STORY_ID: candidate.name,
            stories.SOURCE: self.name,
            stories.IMAGES: [frame.picture for frame in frames],
            stories.SENTENCES: [frame.sentence for frame in frames],
            stories.DECIDED: [frame.decided for frame in frames],
            **{
                name: [frame.extras[name] for frame in frames]
                for name in self.extra_features()
            },
        }

    def examples(self, split, data):
        """Returns windows of `data.frames` frames, `data.stride` apart."""
        for name in ("frames", "stride"):
            if data[name] < 1:
                raise UserError(f"config.data.{name} must be 1 or more")
        self._check_lengths(split, data.frames)
        return windows(self, split, data.frames, data.stride)

    def _info(self) -> tfds.core.DatasetInfo:
        text = tfds.features.Text()
        per_frame = {
            stories.IMAGES: tfds.features.Image(shape=(None, None, 3)),
            stories.SENTENCES: text,
            stories.DECIDED: text,
            **self.extra_features(),
        }
        return self._dataset_info(
            {
                stories.STORY_ID: text,
                stories.SOURCE: text,
                **{
                    name: tfds.features.Sequence(feature)
                    for name, feature in per_frame.items()
                },
            }
        )

    def _count(self, example):
        return len(example[stories.SENTENCES])

    def _check_lengths(self, split, frames):
        report = self.report()
        count = report["splits"][split]["stories"]
        shorter = report_lib.too_short(report, frames, split)
        if shorter == count:
            raise UserError(
                f"all {split} stories of {self.name} are shorter than "
                f"{frames} frames; lower config.data.frames"
            )
        if shorter:
            _log.warning(
                "%s %s: %d of %d stories are shorter than %d frames and give "
                "no example",
                self.name, split, shorter, count, frames,
            )  # fmt: skip

    def _good_frames(self, candidate, report):
        good = []
        for position, frame in enumerate(candidate.read()):
            try:
                good.append(self._checked(frame, report))
            except BadExample as error:
                if not self.LEAVES_OUT_FRAMES:
                    raise BadExample(f"frame {position + 1}: {error}") from None
                report.leave_out(candidate.name, str(error), position)
        if not good:
            raise BadExample("it has no frame that can be used")
        return good

    def _checked(self, frame, report):
        sentence = texts.checked(frame.sentence)
        if not sentence and not self.ALLOWS_NO_WORDS:
            raise BadExample("its text is empty")
        picture = frame.picture
        try:
            picture = picture() if callable(picture) else picture
            if not self.DRAWS_PICTURES:
                picture = pictures.checked(picture)
        except BadExample as error:
            raise BadExample(f"picture: {error}") from None
        if not sentence:
            report.note("frames without words, kept")
        return Frame(picture, sentence, frame.decided, frame.extras)
