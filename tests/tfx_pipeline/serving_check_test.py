"""What the serving validator accepts, and in what words it refuses."""

import io
import re
import time

import numpy as np
import pytest
from PIL import Image

from serving.errors import ServingError
from tfx_pipeline import serving_check


def _png():
    file = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, [16, 16, 3], np.uint8)
    Image.fromarray(noise).save(file, "PNG")
    return file.getvalue()


def _strings(*values):
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _good():
    return {
        "image": _strings(_png()),
        "caption": _strings(b"a dog"),
        "log_probability": np.array([-1.5], np.float32),
    }


def test_a_sound_answer_has_no_defects():
    assert serving_check.defects(_good(), 1) == []


@pytest.mark.parametrize(
    ("output", "value", "words"),
    [
        ("image", _strings(b"no picture"), "does not decode"),
        ("image", _strings(_png()[:200]), "does not decode"),
        ("caption", _strings(b"\xff\xfe"), "no UTF-8"),
        ("log_probability", np.array([np.nan]), "not finite"),
        ("log_probability", np.zeros([2]), r"shape \[2\] for 1 examples"),
    ],
)
def test_a_defect_is_said_in_words(output, value, words):
    (found,) = serving_check.defects({**_good(), output: value}, 1)
    assert f"'{output}'" in found
    assert re.search(words, found)


def test_an_answer_without_outputs_is_a_defect():
    assert serving_check.defects({}, 1) == ["it has no outputs"]


def _check(ask, budget=1000.0):
    requests = {"predict": {"x": np.zeros([1])}}
    batch = {"predict": {"x": np.zeros([3])}}
    return serving_check._check(ask, [requests] * 3, batch, budget, "toy")


def _answer(signature, inputs):
    if "x" not in inputs:
        raise ServingError("INVALID_ARGUMENT: no x", "INVALID_ARGUMENT")
    return {"y": np.zeros(len(inputs["x"]))}


def test_a_good_server_passes():
    verdict = _check(_answer)
    assert verdict.refusals == []
    # Five rounds; without x, unreadable, of another shape, and sound again.
    assert verdict.requests == 9
    assert list(verdict.latency_ms) == ["predict"]


def test_a_slow_server_is_refused_with_both_times():
    def slow(signature, inputs):
        time.sleep(0.02)
        return _answer(signature, inputs)

    (refusal,) = _check(slow, budget=1.0).refusals
    assert refusal.startswith("signature 'predict' takes ")
    assert refusal.endswith("and the budget is 1 ms")


def test_a_slow_first_request_alone_is_forgiven():
    calls = []

    def slow_first(signature, inputs):
        calls.append(1)
        time.sleep(0.2 if len(calls) <= 2 else 0.0)
        return _answer(signature, inputs)

    assert _check(slow_first, budget=100.0).refusals == []


def test_a_failing_signature_is_named_once():
    def fail(signature, inputs):
        raise ServingError("INVALID_ARGUMENT: no such input")

    verdict = _check(fail)
    assert verdict.refusals == [
        "signature 'predict' fails: INVALID_ARGUMENT: no such input"
    ]


def test_a_broken_promise_is_a_refusal():
    def answers_all(signature, inputs):
        return {"y": np.zeros(len(inputs.get("x", [0])))}

    (refusal,) = _check(answers_all).refusals
    assert "answers a request without the input 'x'" in refusal
