"""Seeds and malformed requests: what a sound server does, and others."""

import itertools

import numpy as np
import pytest

from serving.errors import ServingError
from tfx_pipeline import serving_probes

_REQUEST = {
    "images": np.array([[b"png", b"png"]], object),
    "temperature": np.zeros([1], np.float32),
    "seed": np.zeros([1], np.int64),
}
# A system that generates from seeds alone.
_FROM_SEED = {"seed": np.zeros([1], np.int64)}


def _refuse(inputs, known):
    if inputs.keys() != known.keys():
        raise ServingError("inputs are missing", "INVALID_ARGUMENT")
    if inputs["seed"].ndim != 1:
        raise ServingError("of another shape", "INVALID_ARGUMENT")


class _Server:
    """Keeps all promises, and keeps the requests."""

    def __init__(self, known=_REQUEST):
        self.known = known
        self.requests = []

    def __call__(self, signature, inputs):
        assert signature == "draw"
        self.requests.append(inputs)
        _refuse(inputs, self.known)
        return {"image": np.array([b"%d" % inputs["seed"][0]], object)}


@pytest.mark.parametrize("request_", [_REQUEST, _FROM_SEED])
def test_a_sound_server_passes(request_):
    server = _Server(request_)
    found, sent = serving_probes.probe(server, "draw", request_)
    assert found == []
    assert sent == len(server.requests)


def test_the_seeded_request_is_sampled_and_sent_twice():
    server = _Server()
    serving_probes.probe(server, "draw", _REQUEST)
    first, second = server.requests[:2]
    assert first["temperature"] == [1.0]
    assert first["seed"] == second["seed"] != [0]


def test_what_has_no_seed_is_not_seeded():
    server = _Server()
    serving_probes.probe(server, "draw", {"images": _REQUEST["images"]})
    assert server.requests
    assert all("seed" not in request for request in server.requests)


def test_a_server_that_forgets_the_seed_is_refused():
    count = itertools.count()

    def forgetful(signature, inputs):
        _refuse(inputs, _REQUEST)
        return {"latent": np.array([[next(count)]], np.float32)}

    (found,) = serving_probes.probe(forgetful, "draw", _REQUEST)[0]
    assert found == (
        "signature 'draw' answers the same seed differently: output 'latent' "
        "has not the same bytes twice"
    )


def test_answers_to_requests_without_an_input_are_refused():
    found, _ = serving_probes.probe(
        lambda signature, inputs: {"y": np.zeros([1])}, "draw", _FROM_SEED
    )
    assert found == [
        "signature 'draw' answers a request without the input 'seed' instead "
        "of refusing it"
    ]


def test_a_server_that_crashes_on_unreadable_bytes_is_refused():
    crashed = []

    def fragile(signature, inputs):
        if crashed or inputs.get("images", [[b"png"]])[0][0] != b"png":
            crashed.append(1)
            raise ServingError("nobody there", "UNAVAILABLE")
        _refuse(inputs, _REQUEST)
        return {"y": np.zeros([1])}

    found, _ = serving_probes.probe(fragile, "draw", _REQUEST)
    assert "a request of unreadable bytes: UNAVAILABLE" in found[0]
    assert found[-1] == (
        "signature 'draw' fails after malformed requests: nobody there"
    )
