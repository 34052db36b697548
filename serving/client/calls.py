"""One remote call: deadline, retries, and errors in one sentence."""

import dataclasses
import random
import re
import time
from collections.abc import Callable
from typing import Any

import grpc

from serving.backoff import pause_seconds
from serving.errors import ServingError

_MAX_BACKOFF_SECONDS = 5.0
# A model's own check of its inputs: what it says, then what TensorFlow adds.
_CHECK = re.compile(r"assertion failed: \[([^\]]*?)[. ]*\]( \[.*)?$")


@dataclasses.dataclass(frozen=True)
class CallPolicy:
    """How long to wait and how often to try.

    Attributes:
        timeout_seconds: deadline of each try.
        retries: further tries after the first, where there is no server
            (UNAVAILABLE) or it is stopping (CANCELLED).
        backoff_seconds: pause before the first retry; it doubles with each
            further one, up to five seconds, and is drawn between half of it
            and all of it, so that clients do not come back in step.
        retry_deadline_exceeded: try again after a deadline too. The server
            may have done the work already, and may be slow because of load.

    Raises:
        ServingError: a time or a count is out of its range.
    """

    timeout_seconds: float = 10.0
    retries: int = 3
    backoff_seconds: float = 0.1
    retry_deadline_exceeded: bool = False

    def __post_init__(self) -> None:
        if not 0 < self.timeout_seconds < float("inf"):
            raise ServingError(
                f"a timeout of {self.timeout_seconds:g} s; give more than 0"
            )
        if self.retries < 0:
            raise ServingError(f"{self.retries} retries; give 0 or more")
        if not 0 <= self.backoff_seconds < float("inf"):
            raise ServingError(
                f"a backoff of {self.backoff_seconds:g} s; give 0 or more"
            )

    def call(
        self, method: Callable[..., Any], request: Any, target: str
    ) -> Any:
        """Calls a stub's method.

        Args:
            method: of a stub.
            request: its message.
            target: the server, for the error.

        Raises:
            ServingError: the last try's status.
        """
        # A call that reaches a server while it stops is cancelled by it.
        retried = {grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED}
        if self.retry_deadline_exceeded:
            retried.add(grpc.StatusCode.DEADLINE_EXCEEDED)
        for attempt in range(self.retries + 1):
            try:
                return method(request, timeout=self.timeout_seconds)
            except grpc.RpcError as error:
                if error.code() not in retried or attempt == self.retries:
                    raise _serving_error(
                        error, target, self.timeout_seconds
                    ) from error
            pause = pause_seconds(
                self.backoff_seconds, attempt, _MAX_BACKOFF_SECONDS
            )
            time.sleep(pause * random.uniform(0.5, 1.0))
        raise AssertionError("The last try returns or raises.")


def _serving_error(
    error: grpc.RpcError, target: str, timeout_seconds: float
) -> ServingError:
    code = error.code().name
    details = " ".join((error.details() or "no details").split())
    details = _CHECK.sub(r"\1", details)
    if code == "UNAVAILABLE":
        message = f"cannot reach {target}; is the server running? ({details})"
    elif code == "CANCELLED":
        message = f"{target} ended the call; is it stopping? ({details})"
    elif code == "DEADLINE_EXCEEDED":
        message = f"no answer from {target} within {timeout_seconds:g} s"
    else:
        message = f"{target} answered {code}: {details}"
    return ServingError(message, code)
