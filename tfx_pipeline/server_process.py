"""A model server as a process of its own: TF Serving, or the project's."""

import contextlib
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator

from tfstory.errors import UserError

_TF_SERVING = "tensorflow_model_server"
_READY = re.compile(r"\bREADY port=(\d+)")
_POLL_SECONDS = 0.1


@contextlib.contextmanager
def serve(
    model_base_path: str, model_name: str, timeout: float = 120.0
) -> Iterator[str]:
    """Serves a model while the context lasts, and always ends the process.

    Takes `tensorflow_model_server` where it is on the PATH.

    Args:
      model_base_path: str, directory of versions.
      model_name: str.
      timeout: float, seconds until the server must answer.

    Yields:
      str, `host:port` of the gRPC service.

    Raises:
      UserError: the server ended, or did not come up in time; with the last
        lines that it printed.
    """
    with tempfile.TemporaryDirectory(prefix="tfstory-server-") as directory:
        log_path = os.path.join(directory, "server.log")
        command, port = _command(model_base_path, model_name)
        with open(log_path, "wb") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=_environment(),
            )
        try:
            yield f"localhost:{_wait(process, log_path, port, timeout)}"
        finally:
            _end(process)


def name() -> str:
    """Returns which server `serve` starts."""
    return _TF_SERVING if shutil.which(_TF_SERVING) else "serving.server"


def _command(
    model_base_path: str, model_name: str
) -> tuple[list[str], int | None]:
    arguments = [
        f"--model_base_path={os.path.abspath(model_base_path)}",
        f"--model_name={model_name}",
    ]
    binary = shutil.which(_TF_SERVING)
    if not binary:
        server = [sys.executable, "-m", "serving.server"]
        return [*server, *arguments, "--port=0"], None
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    # Or it would try again for five minutes to load what cannot be loaded.
    fail_at_once = "--max_num_load_retries=0"
    ports = [f"--port={port}", "--rest_api_port=0"]
    return [binary, *arguments, *ports, fail_at_once], port


def _environment() -> dict[str, str]:
    environment = {**os.environ}
    if name() == _TF_SERVING:
        # What hides TensorFlow's notices here would hide its reasons there.
        environment.pop("TF_CPP_MIN_LOG_LEVEL", None)
        return environment
    # The server's package lies beside this one, wherever a run starts.
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    path = os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH")]))
    return {**environment, "PYTHONPATH": path, "TF_CPP_MIN_LOG_LEVEL": "3"}


def _wait(
    process: subprocess.Popen,
    log_path: str,
    port: int | None,
    timeout: float,
) -> int:
    deadline = time.monotonic() + timeout
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise UserError(
                f"the model server ended with code {process.returncode}: "
                f"{_last_lines(log_path)}"
            )
        ready = _printed_port(log_path) if port is None else port
        if ready and _listens(ready):
            return ready
        time.sleep(_POLL_SECONDS)
    raise UserError(
        f"the model server did not come up within {timeout:.0f} s: "
        f"{_last_lines(log_path)}"
    )


def _printed_port(log_path: str) -> int | None:
    with open(log_path, encoding="utf-8", errors="replace") as log:
        found = _READY.search(log.read())
    return int(found[1]) if found else None


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("localhost", port), timeout=1).close()
    except OSError:
        return False
    return True


def _last_lines(log_path: str, count: int = 3) -> str:
    with open(log_path, encoding="utf-8", errors="replace") as log:
        lines = [line.strip() for line in log if line.strip()]
    return " | ".join(lines[-count:]) or "it printed nothing"


def _end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
