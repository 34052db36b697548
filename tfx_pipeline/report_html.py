"""The report as one HTML file, pictures included."""

import base64
import datetime
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from tfstory.datasets import report as report_lib
from tfx_pipeline.report_style import STYLE
from tfx_pipeline.summary import MetricRow, Summary

_MAX_LEFT_OUT = 50
# What the runner calls the sheet of the trained system.
_FINAL = "final"
# Where the answer of the pushed model goes.
_ANSWER = "<!-- answer -->"


def render(
    summary: Summary,
    curves: Mapping[str, bytes],
    samples: Mapping[str, bytes | str],
    data_report: Mapping[str, Any],
    anomalies: Sequence[str],
    config: str,
    frames: int = 1,
) -> str:
    """Returns the page.

    Args:
      summary: what came of the run.
      curves: title to PNG: plots of the training.
      samples: title to PNG, or to text: real beside generated examples.
      data_report: the dataset's report of what it left out; {} for none.
      anomalies: sentences on what is wrong with the data.
      config: the run's config as JSON.
      frames: of an example, where examples are windows of stories.
    """
    state = "blessed" if summary.blessed else "refused"
    title = f"{summary.pipeline_name}: {state}"
    sections = [
        _section("Metrics", _metrics(summary)),
        _section("Slices", _slices(summary)),
        _section("Samples", _samples(samples)),
        _section("Training", _training(summary, curves)),
        _section("Data", _data(summary, data_report, anomalies, frames)),
        _section("Serving", _serving(summary)),
        _section("Time", _timings(summary)),
        _section("Config", _config(config)),
    ]
    return (
        "<!DOCTYPE html>\n"
        f'<html lang="en"><head><meta charset="utf-8"><title>{_text(title)}'
        '</title><meta name="viewport" content="width=device-width, '
        f'initial-scale=1"><style>{STYLE}</style></head><body>'
        f"{_header(summary, state)}<main>{_ANSWER}{''.join(sections)}</main>"
        "</body></html>\n"
    )


def add_answer(page: str, answer: str, pictures: Mapping[str, bytes]) -> str:
    """Returns the page with what the pushed model was asked and answered.

    Args:
      page: of `render`.
      answer: lines of text.
      pictures: title to PNG or GIF.
    """
    section = _section(
        "Asked over gRPC", f"<pre>{_text(answer)}</pre>{_images(pictures)}"
    )
    return page.replace(_ANSWER, section, 1)


def _header(summary: Summary, state: str) -> str:
    if summary.blessed:
        reasons = f"<p>Pushed to <code>{_text(summary.pushed_to)}</code></p>"
    else:
        items = "".join(f"<li>{_text(r)}</li>" for r in summary.refusals)
        reasons = f"<p>Not pushed, because</p><ul>{items}</ul>"
    reasons += "".join(f"<p>Note: {_text(note)}.</p>" for note in summary.notes)
    started = summary.started and f"<p>Run of {_when(summary.started)}</p>"
    return (
        f'<header class="{state}"><div><span class="badge">'
        f"{'Blessed' if summary.blessed else 'Not blessed'}</span>"
        f"<h1>{_text(summary.pipeline_name)}</h1>{started}{reasons}</div>"
        "</header>"
    )


def _metrics(summary: Summary) -> str:
    rows = [_metric(row) for row in summary.metrics]
    return f"<p>On {summary.examples} held-out examples.</p>" + _table(
        ["metric", "model", "last blessed", "gate", "trivial baselines"],
        rows,
    )


def _metric(row: MetricRow) -> list[str]:
    arrow = "↑" if row.higher_is_better else "↓"
    better_way = "higher" if row.higher_is_better else "lower"
    last = "–"
    if row.last is not None:
        better = (row.value > row.last) == row.higher_is_better
        change = row.value - row.last
        mark = "same" if not change else "better" if better else "worse"
        last = f'{_number(row.last)} <span class="{mark}">{change:+.2g}</span>'
    baselines = "<br>".join(
        f"{_text(name)} {_number(value)}"
        for name, value in row.baselines.items()
    )
    about = row.about and f"<div class='about'>{_text(row.about)}</div>"
    return [
        f"{_text(row.name)} <span class='way' title='{better_way} is better'>"
        f"{arrow}</span>{about}",
        f"<strong>{_number(row.value)}</strong>",
        last,
        _text(row.bound) or "–",
        baselines or "–",
    ]


def _slices(summary: Summary) -> str:
    names = [row.name for row in summary.metrics]
    rows = [
        [_text(title), f"{values.get('example_count', 0):.0f}"]
        + [_number(values.get(name, float("nan"))) for name in names]
        for title, values in summary.slices.items()
    ]
    return _table(["slice", "examples", *map(_text, names)], rows)


def _samples(samples: Mapping[str, bytes | str]) -> str:
    """Shows the last sheet; those of single epochs unfold."""
    titles = list(samples)
    last = _FINAL if _FINAL in samples else titles[-1] if titles else ""
    shown = {title: samples[title] for title in titles if title == last}
    rest = {title: samples[title] for title in titles if title != last}
    page = _figures(shown, "samples")
    if rest:
        page += (
            "<details><summary>Earlier epochs</summary>"
            f"{_figures(rest, 'samples')}</details>"
        )
    return page


def _training(summary: Summary, curves: Mapping[str, bytes]) -> str:
    return f"<p>Training started {_text(summary.warm_start)}.</p>" + _figures(
        curves, "curves"
    )


def _data(
    summary: Summary,
    report: Mapping[str, Any],
    anomalies: Sequence[str],
    frames: int,
) -> str:
    held = {
        split: report_lib.counts(report, split) if report else {}
        for split in summary.splits
    }
    names = list(dict.fromkeys(n for counts in held.values() for n in counts))
    rows = [
        [
            _text(split),
            f"{count}",
            *(f"{held[split].get(name, '–')}" for name in names),
        ]
        for split, count in summary.splits.items()
    ]
    parts = [_table(["split", "examples", *map(_text, names)], rows)]
    found = "".join(f"<li>{_text(sentence)}</li>" for sentence in anomalies)
    parts.append(
        f"<p>Anomalies:</p><ul>{found}</ul>"
        if found
        else "<p>No anomalies against the schema.</p>"
    )
    too_short = report_lib.too_short_in_words(report, frames)
    if too_short:
        parts.append(f"<p>{too_short}.</p>")
    left_out = report.get("left_out", [])
    if report:
        parts.append(
            "<p>Left out: "
            f"{_text(report_lib.in_words(report_lib.left_out(report)))}.</p>"
        )
    if left_out:
        lines = [
            f"<li>{_text(reason)}</li>"
            for reason in report_lib.reasons(report, _MAX_LEFT_OUT)
        ]
        if len(left_out) > _MAX_LEFT_OUT:
            lines.append(f"<li>and {len(left_out) - _MAX_LEFT_OUT} more</li>")
        parts.append(
            f"<details><summary>What and why</summary><ul>{''.join(lines)}"
            "</ul></details>"
        )
    return "".join(parts)


def _serving(summary: Summary) -> str:
    where = summary.pushed_to or summary.model_dir
    rows = [
        [_text(name), f"{milliseconds:.1f} ms"]
        for name, milliseconds in summary.latency_ms.items()
    ]
    return (
        f"<p>The model lies in <code>{_text(where)}</code>. "
        f"<code>{_text(summary.server)}</code> served it; medians of requests "
        "of one example:</p>" + _table(["signature", "latency"], rows)
    )


def _timings(summary: Summary) -> str:
    if not summary.timings:
        return "<p>Not measured.</p>"
    longest = max(timing.seconds for timing in summary.timings) or 1.0
    rows = [
        [
            _text(timing.component),
            "cached" if timing.cached else f"{timing.seconds:.1f} s",
            '<div class="bar" style="width:'
            f'{100 * (not timing.cached) * timing.seconds / longest:.1f}%">'
            "</div>",
        ]
        for timing in summary.timings
    ]
    return _table(["component", "time", ""], rows)


def _config(config: str) -> str:
    return (
        f"<details><summary>As JSON</summary><pre>{_text(config)}</pre>"
        "</details>"
    )


def _figures(figures: Mapping[str, bytes | str], what: str) -> str:
    if not figures:
        return f"<p>The training left no {what}.</p>"
    return "".join(
        f"<h3>{_text(_title(name))}</h3><pre>{_text(figure)}</pre>"
        if isinstance(figure, str)
        else _images({_title(name): figure})
        for name, figure in figures.items()
    )


def _images(pictures: Mapping[str, bytes]) -> str:
    return "".join(
        f'<figure><img alt="{_text(title)}" src="data:{_type(content)};base64,'
        f'{base64.b64encode(content).decode()}">'
        f"<figcaption>{_text(title)}</figcaption></figure>"
        for title, content in pictures.items()
    )


def _type(content: bytes) -> str:
    return "image/gif" if content.startswith(b"GIF8") else "image/png"


def _title(name: str) -> str:
    """Returns what the runner's name of a picture means."""
    if name == _FINAL:
        return "after training"
    epoch = re.fullmatch(r"(.+)_epoch_0*(\d+)", name)
    return f"{epoch[1]}, after epoch {epoch[2]}" if epoch else name


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    cells = "".join(f"<th>{name}</th>" for name in head)
    lines = "".join(
        f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>"
        for row in rows
    )
    return (
        f'<div class="scroll"><table><thead><tr>{cells}</tr></thead>'
        f"<tbody>{lines}</tbody></table></div>"
    )


def _when(started: str) -> str:
    moment = datetime.datetime.fromisoformat(started)
    return f"{moment.day} {moment:%B %Y, %H:%M} ({moment:%Z})"


def _number(value: float) -> str:
    return f"{value:.4g}"


def _text(value: str) -> str:
    return html.escape(str(value))
