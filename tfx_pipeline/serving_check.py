"""Asks a served model, and says in words what is wrong with its answers."""

import dataclasses
import io
import statistics
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from PIL import Image

from serving.client.client import Client
from serving.errors import ServingError
from tfx_pipeline import serving_probes

# Signature name to input name to array.
Requests = Mapping[str, Mapping[str, np.ndarray]]
Answer = Mapping[str, np.ndarray]
_DEADLINE_SECONDS = 60.0


@dataclasses.dataclass(frozen=True)
class Verdict:
    """What came of asking a served model.

    Attributes:
      refusals: sentences, one a defect; none for a sound model.
      latency_ms: signature name to the median of its answers' times.
      requests: number of requests sent.
      server: the server that answered.
    """

    refusals: Sequence[str]
    latency_ms: Mapping[str, float]
    requests: int
    server: str


def check(
    target: str,
    model_name: str,
    singles: Sequence[Requests],
    batch: Requests,
    latency_budget_ms: float,
    server: str,
) -> Verdict:
    """Sends every request, and what a client should not; looks at the answers.

    Args:
      target: str, `host:port`.
      model_name: str.
      singles: requests of one example each; their times count.
      batch: requests of several examples each.
      latency_budget_ms: float, what the median answer may take, for each
        signature.
      server: str, the server's name for the verdict.
    """
    with Client(
        target, model_name, timeout_seconds=_DEADLINE_SECONDS
    ) as client:
        return _check(client.predict, singles, batch, latency_budget_ms, server)


def _check(
    ask: Callable[[str, dict[str, np.ndarray]], Answer],
    singles: Sequence[Requests],
    batch: Requests,
    latency_budget_ms: float,
    server: str,
) -> Verdict:
    # The first of the single requests is sent twice: what only a first call
    # costs is no part of the latency that users see.
    rounds = [singles[0], batch, *singles]
    refusals: list[str] = []
    failed: set[str] = set()
    times: dict[str, list[float]] = {}
    for number, requests in enumerate(rounds):
        for signature, inputs in requests.items():
            began = time.perf_counter()
            try:
                answer = ask(signature, dict(inputs))
            except ServingError as error:
                refusals.append(f"signature {signature!r} fails: {error}")
                failed.add(signature)
                continue
            if number >= 2:
                taken = 1000 * (time.perf_counter() - began)
                times.setdefault(signature, []).append(taken)
            rows = _rows(inputs)
            refusals.extend(
                f"signature {signature!r} answers wrongly: {defect}"
                for defect in defects(answer, rows)
            )
    latency = {name: statistics.median(ms) for name, ms in times.items()}
    refusals.extend(
        f"signature {signature!r} takes {ms:.0f} ms, and the budget is "
        f"{latency_budget_ms:g} ms"
        for signature, ms in latency.items()
        if ms > latency_budget_ms
    )
    sent = sum(len(requests) for requests in rounds)
    for signature, inputs in singles[0].items():
        if signature in failed:
            continue
        found, count = serving_probes.probe(ask, signature, inputs)
        refusals += found
        sent += count
    return Verdict(list(dict.fromkeys(refusals)), latency, sent, server)


def _rows(inputs: Mapping[str, np.ndarray]) -> int:
    """Returns how many examples an answer is about.

    As many as are asked for by the name that all systems use, `num_samples`,
    or as the inputs have rows; single numbers set what holds for all rows.
    """
    if "num_samples" in inputs:
        return int(inputs["num_samples"])
    return next(len(value) for value in inputs.values() if np.ndim(value))


def defects(answer: Answer, rows: int) -> list[str]:
    """Returns what is wrong with an answer, in words.

    Args:
      answer: output name to array.
      rows: int, examples asked about.
    """
    if not answer:
        return ["it has no outputs"]
    found = []
    for name, value in answer.items():
        if value.shape[:1] != (rows,):
            found.append(
                f"output {name!r} has shape {list(value.shape)} for "
                f"{rows} examples"
            )
        elif value.dtype == object:
            found.extend(_string_defects(name, value))
        elif not np.all(np.isfinite(value)):
            found.append(f"output {name!r} holds numbers that are not finite")
    return found


def _string_defects(name: str, value: np.ndarray) -> list[str]:
    if name.startswith("image"):
        if not all(_decodes(item) for item in value.flat):
            return [f"output {name!r} holds a picture that does not decode"]
        return []
    try:
        for item in value.flat:
            item.decode()
    except UnicodeDecodeError:
        return [f"output {name!r} holds text that is no UTF-8"]
    return []


def _decodes(picture: bytes) -> bool:
    try:
        Image.open(io.BytesIO(picture)).load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
