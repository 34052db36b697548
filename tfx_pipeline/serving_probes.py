"""Requests that find out whether a served model keeps its promises.

Of any system: the same seed gives the same bytes, and a malformed request
gets an error status. What a signature's inputs mean is known by the names
that all systems use, `seed` and `temperature`.
"""

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from serving.errors import ServingError

Inputs = Mapping[str, np.ndarray]
Ask = Callable[[str, dict[str, np.ndarray]], Mapping[str, np.ndarray]]
_SEED = 20_211
_UNREADABLE = b"\xff\x00no picture, no text"
# What a client sees of a server that has crashed or hangs.
_GONE = ("UNAVAILABLE", "DEADLINE_EXCEEDED")


def probe(ask: Ask, signature: str, inputs: Inputs) -> tuple[list[str], int]:
    """Sends requests made from a sound one.

    Args:
      ask: takes a signature and its inputs, returns the outputs.
      signature: str.
      inputs: a sound request of one example.

    Returns:
      Sentences, one a broken promise, and the number of requests sent.
    """
    sent = 0

    def counted(request: Inputs) -> Mapping[str, np.ndarray]:
        nonlocal sent
        sent += 1
        return ask(signature, dict(request))

    found = [*_seeded(counted, inputs), *_malformed(counted, inputs)]
    return [f"signature {signature!r} {defect}" for defect in found], sent


def _sampled(inputs: Inputs) -> dict[str, np.ndarray] | None:
    """Returns the request with a seed and free choice; None without a seed."""
    if "seed" not in inputs:
        return None
    request = {**inputs, "seed": np.full_like(inputs["seed"], _SEED)}
    if "temperature" in inputs:
        request["temperature"] = np.ones_like(inputs["temperature"])
    return request


def _refused(inputs: Inputs) -> Iterator[tuple[str, Inputs]]:
    """Yields what is wrong, and a request that must be refused."""
    for missing in inputs:
        yield (
            f"without the input {missing!r}",
            {key: value for key, value in inputs.items() if key != missing},
        )


def _doubtful(inputs: Inputs) -> Iterator[tuple[str, Inputs]]:
    """Yields what is wrong, and a request that may get any answer.

    Text takes any bytes and pictures do not; TF Serving leaves shapes to the
    model.
    """
    yield (
        "of unreadable bytes",
        {
            name: np.full(value.shape, _UNREADABLE, object)
            if value.dtype.kind in "OSU"
            else value
            for name, value in inputs.items()
        },
    )
    yield (
        "with a dimension too many",
        {name: value[np.newaxis] for name, value in inputs.items()},
    )


def _seeded(ask: Callable, inputs: Inputs) -> Iterator[str]:
    request = _sampled(inputs)
    if request is None:
        return
    try:
        first, second = ask(request), ask(request)
    except ServingError as error:
        yield f"fails on a seeded request: {error}"
        return
    for name, value in first.items():
        if name not in second or not _same(value, second[name]):
            yield (
                f"answers the same seed differently: output {name!r} has not "
                "the same bytes twice"
            )


def _same(first: np.ndarray, second: np.ndarray) -> bool:
    if first.dtype == object:
        return np.array_equal(first, second)
    return first.shape == second.shape and first.tobytes() == second.tobytes()


def _malformed(ask: Callable, inputs: Inputs) -> Iterator[str]:
    for requests, must_fail in (
        (_refused(inputs), True),
        (_doubtful(inputs), False),
    ):
        for what, request in requests:
            code = _error_code(ask, request)
            if code in _GONE:
                yield f"has no answer to a request {what}: {code}"
            elif must_fail and code is None:
                yield f"answers a request {what} instead of refusing it"
    try:
        ask(inputs)
    except ServingError as error:
        yield f"fails after malformed requests: {error}"


def _error_code(ask: Callable, request: Inputs) -> str | None:
    """Returns the status of the error that came, None where none came."""
    try:
        ask(request)
    except ServingError as error:
        return error.code or "no status"
    return None
