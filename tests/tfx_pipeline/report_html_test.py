"""The report is one file that says what was decided and why."""

import base64
import html.parser

from tests.tfx_pipeline import summary_test
from tfx_pipeline import ask, report_html

_PNG = b"\x89PNG bytes"


def _render(refusals=(), **changes):
    arguments = {
        "curves": {"sequence": _PNG},
        "samples": {"epoch_1": _PNG, "final": _PNG},
        "data_report": {},
        "anomalies": [],
        "config": "{}",
        **changes,
    }
    return report_html.render(summary_test.make(refusals), **arguments)


class _Tags(html.parser.HTMLParser):
    VOID = ("meta", "img", "br")

    def __init__(self):
        super().__init__()
        self.open = []
        self.sources = []

    def handle_starttag(self, tag, attrs):
        self.sources += [v for k, v in attrs if k in ("src", "href")]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_tags_are_closed_and_nothing_is_loaded_from_elsewhere():
    tags = _Tags()
    tags.feed(_render(["l1 is bad"]))
    assert tags.open == []
    assert len(tags.sources) == 3
    assert all(s.startswith("data:image/png;base64,") for s in tags.sources)
    assert base64.b64decode(tags.sources[0].split(",")[1]) == _PNG


def test_a_blessed_model_has_its_place():
    page = _render()
    assert ">Blessed<" in page
    assert "/models/toy/7" in page


def test_a_refused_model_has_its_reasons():
    page = _render(["l1 is 0.4, and must be at most 0.04"])
    assert ">Not blessed<" in page
    assert "l1 is 0.4, and must be at most 0.04" in page
    assert "/runs/model" in page


def test_it_says_of_which_run_it_is_and_what_was_not_compared():
    page = _render()
    assert "Run of 1 July 2026, 09:30 (UTC+02:00)" in page
    assert "Note: accuracy was not compared." in page


def test_pictures_have_titles_that_people_understand():
    page = _render(samples={"toy_epoch_012": _PNG, "final": _PNG})
    assert ">after training<" in page
    assert ">toy, after epoch 12<" in page


def test_samples_of_text_stand_as_they_are():
    page = _render(samples={"toy_epoch_012": "one\n", "final": "  a <b> & c\n"})
    assert "<pre>  a &lt;b&gt; &amp; c\n</pre>" in page
    assert ">after training<" in page and ">toy, after epoch 12<" in page
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []


def test_a_metric_says_what_it_says():
    assert "error of the picture &amp; of 1" in _render()


def test_the_answer_comes_first_with_its_pictures():
    page = report_html.add_answer(
        _render(), "how <it> goes on", {"strip": _PNG, "film": b"GIF89a"}
    )
    assert "<pre>how &lt;it&gt; goes on</pre>" in page
    assert page.index("Asked over gRPC") < page.index(">Metrics<")
    assert 'src="data:image/gif;base64,' in page
    tags = _Tags()
    tags.feed(page)
    assert tags.open == []


def test_the_answer_is_written_into_the_report(tmp_path):
    report, drawn = tmp_path / "report.html", tmp_path / "answer"
    report.write_text(_render(), "utf-8")
    drawn.mkdir()
    (drawn / "next_frame.png").write_bytes(_PNG)
    ask.add_to_report(str(report), "how it goes on", str(drawn))
    page = report.read_text("utf-8")
    assert "<pre>how it goes on</pre>" in page
    assert ">next_frame<" in page


def test_text_from_outside_is_escaped():
    page = _render(
        ["<script>alert(1)</script>"],
        data_report={
            "left_out_stories": 1,
            "left_out": [{"story_id": "<b>", "reason": "no & text"}],
        },
    )
    assert "<script>" not in page
    assert "&lt;b&gt;: no &amp; text" in page


def test_stories_without_an_example_are_counted():
    lengths = {"3": 1, "5": 4}
    page = _render(
        data_report={
            "splits": {"train": {"stories": 5, "stories_by_length": lengths}}
        },
        frames=5,
    )
    assert "1 story with fewer than 5 frames, which give no example" in page


def test_metrics_show_baselines_the_last_model_and_the_change():
    page = _render()
    assert "l1_copy 0.05" in page
    assert '0.03 <span class="better">-0.01</span>' in page
    assert "&lt;= 0.04, no worse" in page


def test_cached_components_are_marked():
    page = _render()
    assert "61.5 s" in page
    assert "cached" in page
