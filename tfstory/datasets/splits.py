"""Splits by story, the same on every machine and in every run."""

import hashlib
from collections.abc import Callable, Collection, Iterable

TRAIN = "train"
VALIDATION = "validation"
TEST = "test"
SPLITS = (TRAIN, VALIDATION, TEST)

# For validation, and as much for test.
HELD_OUT_SHARE = 0.1


def share(story_id: str) -> float:
    """Returns a number in [0, 1) that depends on the story's name alone."""
    digest = hashlib.sha256(story_id.encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def by_hash(
    story_ids: Iterable[str], held_out_share: float = HELD_OUT_SHARE
) -> dict[str, str]:
    """Divides stories, by default about 80 to 10 to 10 %.

    A story's share decides, so that stories added later move no other.
    Only where three or more stories would leave a split empty, those with the
    smallest shares and the one with the largest fill all three.

    Args:
      story_ids: the stories' names.
      held_out_share: about so many are for validation, and so many for test;
        more than 0 and less than 0.5.

    Returns:
      A split for each story.
    """
    ranked = sorted(set(story_ids), key=share)
    split_of = {
        story_id: _by_share(story_id, held_out_share) for story_id in ranked
    }
    if len(ranked) >= 3 and set(split_of.values()) != set(SPLITS):
        split_of[ranked[0]] = TEST
        split_of[ranked[1]] = VALIDATION
        split_of[ranked[-1]] = TRAIN
    return split_of


def of_good(
    story_ids: Collection[str],
    is_good: Callable[[str], bool],
    held_out_share: float = HELD_OUT_SHARE,
) -> dict[str, str]:
    """Divides stories as `by_hash` divides the good ones among them.

    Where each split has a good story, no more are looked into: the rest of a
    large dataset stays unread.

    Args:
      story_ids: the stories' names.
      is_good: whether a story will be used.
      held_out_share: as for `by_hash`.

    Returns:
      A split for each story, bad ones included.
    """
    split_of = {
        story_id: _by_share(story_id, held_out_share) for story_id in story_ids
    }

    def has_good(split):
        return any(is_good(s) for s in story_ids if split_of[s] == split)

    # The likeliest to have none first.
    if not all(map(has_good, reversed(SPLITS))):
        split_of.update(by_hash(filter(is_good, story_ids), held_out_share))
    return split_of


def _by_share(story_id: str, held_out_share: float) -> str:
    at = share(story_id)
    if at < held_out_share:
        return TEST
    return VALIDATION if at < 2 * held_out_share else TRAIN
