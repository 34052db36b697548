"""Failures of a request, and how they become gRPC statuses."""

import functools
import logging
import re
from collections.abc import Callable
from typing import Any

import grpc

_CODES = {code.value[0]: code for code in grpc.StatusCode}


class StatusError(Exception):
    """A request's failure: its gRPC status and one sentence."""

    def __init__(self, code: grpc.StatusCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def invalid_argument(message: str) -> StatusError:
    """Returns the error of a bad request."""
    return StatusError(grpc.StatusCode.INVALID_ARGUMENT, message)


def not_found(message: str) -> StatusError:
    """Returns the error of a request for what is not there."""
    return StatusError(grpc.StatusCode.NOT_FOUND, message)


def as_status_error(error: Exception) -> StatusError:
    """Translates whatever a request or a load raised.

    TensorFlow's errors carry gRPC's codes. Their messages hold a trace of the
    graph and the node's name, which tell a caller nothing.

    Args:
        error: the exception.

    Returns:
        The error to answer with; INTERNAL for what nobody foresaw.
    """
    if isinstance(error, StatusError):
        return error
    code = getattr(error, "error_code", None)
    if code in _CODES and hasattr(error, "message"):
        return StatusError(_CODES[code], _sentence(error.message))
    kind = type(error).__name__
    return StatusError(
        grpc.StatusCode.INTERNAL, f"{kind}: {_sentence(str(error))}"
    )


def _sentence(message: str) -> str:
    message = message.split("<stack traces unavailable>")[-1]
    message = re.sub(r"\{\{(function_)?node .*?\}\}", "", message)
    message = re.sub(r"\[\[\]\]|\[Op:[^\]]*\]", "", message)
    return " ".join(message.split())


def answers(method: Callable[..., Any]) -> Callable[..., Any]:
    """Decorates a method of a gRPC service: its exceptions become statuses."""

    @functools.wraps(method)
    def answer(self, request, context):
        try:
            return method(self, request, context)
        except Exception as error:
            status = as_status_error(error)
            if status.code is grpc.StatusCode.INTERNAL:
                logging.exception("%s failed", method.__name__)
        # Outside of the handler: abort() raises, and would chain.
        context.abort(status.code, str(status))

    return answer
