"""Tells a plot in sentences, in a narrator's style kept to the end.

What a narrator chooses once (voices, names, verb) can be heard in every
sentence after the first. Openers and adverbs alone are drawn anew for each
sentence; nothing decides them, and `Sentence.decided` leaves them blank.

A style has one voice, or two that take turns: of any four frames, the last
but one has the voice of the frame that follows them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from tfstory.datasets.lots import Lots
from tfstory.datasets.shape_stories.grammar import at_place
from tfstory.datasets.shape_stories.objects import SceneObject
from tfstory.datasets.shape_stories.rules.base import Beat, Plot, Rule

FREE = "_"
MIN_WORDS = 6
MAX_WORDS = 16
OPENERS = ("Now", "Then", "Next", "Soon", "Later")
ADVERBS = ("slowly", "quickly", "gently", "happily", "quietly", "calmly")
NAMES = ("Ada", "Ben", "Lily", "Max", "Mia", "Sam", "Tom", "Zoe")
REFERENCES = ("full", "short", "named", "name")
OPENINGS = ("", "{opener} ", "{opener}, ")
WITNESS_VERBS = ("watches", "waits", "rests")

_INTROS_ONE = (
    "this is a story about {hero}.",
    "here we see {hero} {at}.",
    "the story begins with {hero} {at}.",
    "look at {hero} {at}.",
)
_INTROS_MORE = (
    "this is a story about {cast}.",
    "here we see {cast}.",
    "the story begins with {cast}.",
    "look at {cast} here.",
)

# What too wordy a style loses, in this order, before its names get shorter.
_DROPS = ({"witness": ""}, {"adverb": False}, {"opening": ""})
_SHORTER = {"full": "short", "short": "short", "named": "name", "name": "name"}
# Who is called by name alone later is first described.
_INTRODUCED = {name: name for name in REFERENCES} | {"name": "named"}


@dataclass(frozen=True)
class Sentence:
    """A sentence, and the same with `FREE` for each word nothing decides."""

    text: str
    decided: str


@dataclass(frozen=True)
class Style:
    """A narrator's choices for one story.

    Attributes:
      voices: indices of the rule's voices, which take turns.
      reference: how objects are called, one of `REFERENCES`.
      names: of the cast, for the references that use names.
      verb: the rule's verb.
      opening: how sentences open, one of `OPENINGS`.
      adverb: whether sentences have an adverb.
      witness: a clause about an object that stands still, or nothing.
    """

    voices: tuple[int, ...]
    reference: str
    names: tuple[str, ...]
    verb: str
    opening: str = ""
    adverb: bool = False
    witness: str = ""


def draw_style(
    lots: Lots, rule: Rule, plot: Plot, still: Sequence[SceneObject]
) -> Style:
    """Draws a narrator's style.

    Args:
      lots: the story's random stream.
      rule: the story's rule.
      plot: what the style is to tell.
      still: objects that could watch what happens.

    Returns:
      A style that `tell` may have to cut to fit the plot.
    """
    voices = (lots.below(len(rule.voices)),)
    if lots.chance(0.5):
        voices = tuple(lots.draw(range(len(rule.voices)), 2))
    witness = ""
    if still and lots.chance(0.3):
        watcher = still[0]
        verb = lots.pick(WITNESS_VERBS)
        witness = f" while the {watcher.colour} {watcher.shape} {verb}"
    return Style(
        voices=voices,
        reference=lots.pick(REFERENCES),
        names=tuple(lots.draw(NAMES, len(plot.cast))),
        verb=lots.pick(rule.verbs),
        opening=lots.pick(OPENINGS),
        adverb=lots.chance(0.4),
        witness=witness,
    )


def tell(
    lots: Lots, rule: Rule, plot: Plot, style: Style
) -> tuple[Sentence, ...]:
    """Tells a plot, one sentence a frame.

    A style too terse for the plot adds a description to names; one too wordy
    loses its witness, adverb and opening and then shortens names. All of it
    holds for the whole story, as audible as the rest of the style.

    Args:
      lots: draws the free words.
      rule: the plot's rule.
      plot: what happens.
      style: how to tell it.

    Returns:
      The sentences, `MIN_WORDS` to `MAX_WORDS` words each.
    """
    drafts = _drafts(rule, plot, style)
    if style.reference == "name" and min(map(_words, drafts)) < MIN_WORDS:
        style = replace(style, reference="named")
        drafts = _drafts(rule, plot, style)
    shorter = {"reference": _SHORTER[style.reference]}
    for change in (*_DROPS, shorter):
        if max(map(_words, drafts)) <= MAX_WORDS:
            break
        style = replace(style, **change)
        drafts = _drafts(rule, plot, style)
    first = _introduction(lots, rule, plot, style)
    return (first, *(_finish(lots, draft) for draft in drafts))


def _words(draft: str) -> int:
    return len(draft.split())


def _drafts(rule: Rule, plot: Plot, style: Style) -> list[str]:
    """The sentences after the first, with marks for free words."""
    called = [
        _called(item, style, rule.unsaid, who)
        for who, item in enumerate(plot.cast)
    ]
    return [
        _draft(rule, beat, style, called, moment)
        for moment, beat in enumerate(plot.beats[1:], start=1)
    ]


def _draft(
    rule: Rule, beat: Beat, style: Style, called: Sequence[str], moment: int
) -> str:
    voice = rule.voices[style.voices[moment % len(style.voices)]]
    text = voice[beat.event].format_map(_values(called, beat.slots, style.verb))
    text = text.replace("~", "{adverb}" if style.adverb else "")
    text = " ".join(text.split())
    return style.opening + text[:-1] + style.witness + "."


def _values(
    called: Sequence[str], slots: Mapping[str, str | int], verb: str
) -> dict[str, str]:
    values = {"verb": verb}
    values.update(zip(("hero", "other"), called, strict=False))
    for slot, value in slots.items():
        values[slot] = called[value] if isinstance(value, int) else value
    return values


def _called(
    item: SceneObject, style: Style, unsaid: frozenset[str], who: int
) -> str:
    """What the narrator calls the cast's member number `who`."""
    if style.reference == "name":
        return style.names[who]
    described = _described(item, unsaid, style.reference == "full")
    if style.reference == "named":
        return f"{style.names[who]} the {described}"
    return f"the {described}"


def _described(
    item: SceneObject, unsaid: frozenset[str], with_size: bool
) -> str:
    words = []
    if with_size and "size" not in unsaid:
        words.append(item.size)
    if "colour" not in unsaid:
        words.append(item.colour)
    words.append("thing" if "shape" in unsaid else item.shape)
    return " ".join(words)


def _introduction(lots: Lots, rule: Rule, plot: Plot, style: Style) -> Sentence:
    """The first sentence; it is never one to predict."""
    templates = rule.intros
    values = dict(plot.beats[0].slots)
    if plot.cast:
        style = replace(style, reference=_INTRODUCED[style.reference])
        cast = [
            _called(item, style, rule.unsaid, who)
            for who, item in enumerate(plot.cast)
        ]
        templates = _INTROS_MORE if len(cast) > 1 else _INTROS_ONE
        values = {
            "hero": cast[0],
            "cast": ", ".join(cast[:-1]) + " and " + cast[-1],
            "at": at_place(plot.cast[0].place),
        }
    drafts = [template.format_map(values) for template in templates]
    fitting = [draft for draft in drafts if _words(draft) <= MAX_WORDS]
    return _finish(lots, lots.pick(fitting))


def _finish(lots: Lots, draft: str) -> Sentence:
    free = {"opener": lots.pick(OPENERS), "adverb": lots.pick(ADVERBS)}
    blank = {"opener": FREE, "adverb": FREE}
    text, decided = draft.format_map(free), draft.format_map(blank)
    return Sentence(
        text[0].upper() + text[1:], decided[0].upper() + decided[1:]
    )
