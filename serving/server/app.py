"""The command `python -m serving.server`."""

import argparse
import functools
import logging
import pathlib
import signal
import sys
import threading
import warnings

from serving.errors import ServingError
from serving.server import config, grpc_server, servable
from serving.server.arguments import parse
from serving.server.manager import ModelManager
from serving.server.status import StatusError

_BANNER = """\
tfstory development server: TF Serving's gRPC API in one Python process.
For development only. In production use TensorFlow Serving (tensorflow/serving)
on the same model folders; see serving/README.md."""

_GRACE_SECONDS = 10.0


def main(argv: list[str] | None = None) -> int:
    """Serves until SIGTERM or SIGINT.

    Args:
        argv: the command line; `None` takes the process's.

    Returns:
        The exit code.
    """
    logging.basicConfig(
        level=logging.INFO,
        stream=sys.stderr,
        format="%(asctime)s %(levelname).1s %(message)s",
    )
    # Libraries' notices, which whoever serves cannot act on.
    warnings.filterwarnings("ignore", category=FutureWarning)
    try:
        return _serve(parse(argv))
    except (ServingError, StatusError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1


def _serve(arguments: argparse.Namespace) -> int:
    models = _models(arguments)
    _write_ready_file(arguments.ready_file, None)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    print(_BANNER, file=sys.stderr, flush=True)
    manager = ModelManager(
        functools.partial(
            servable.load, max_input_bytes=arguments.max_request_bytes
        ),
        allow_labels_for_unavailable=(
            arguments.allow_version_labels_for_unavailable_models
        ),
    )
    manager.configure(models)
    server = grpc_server.start(
        manager,
        arguments.host,
        arguments.port,
        arguments.threads,
        arguments.max_request_bytes,
    )
    print(f"LISTENING port={server.port}", flush=True)
    failures: list[ServingError] = []

    def work() -> None:
        try:
            servable.import_tensorflow()
        except ServingError as error:
            failures.append(error)
            stopping.set()
        else:
            _look_after_models(manager, arguments.file_system_poll_wait_seconds)

    # Last, since it takes long, and mistakes shall show at once.
    threading.Thread(target=work, daemon=True).start()
    _announce_when_ready(manager, stopping, server.port, arguments.ready_file)
    stopping.wait()
    logging.info("Stopping: calls in flight get %.0f s.", _GRACE_SECONDS)
    server.stop(_GRACE_SECONDS)
    manager.stop()
    if failures:
        raise failures[0]
    return 0


def _models(arguments: argparse.Namespace) -> list[config.ModelSettings]:
    if arguments.model_config_file:
        return config.read(pathlib.Path(arguments.model_config_file))
    base_path = pathlib.Path(arguments.model_base_path).absolute()
    if not base_path.is_dir():
        raise ServingError(
            f"no folder {base_path}; --model_base_path is the folder that "
            "holds the version folders 1/, 2/, ..."
        )
    return [config.ModelSettings(arguments.model_name, base_path)]


def _look_after_models(manager: ModelManager, poll_seconds: float) -> None:
    """Loads the models, and then looks for changes again and again."""
    try:
        manager.sync_until_settled()
        for name, ready in manager.readiness().items():
            if not ready:
                logging.error(
                    "Model %s is not available: %s",
                    name,
                    manager.why_not_ready(name),
                )
    except Exception:  # Later looks may go better.
        logging.exception("Loading the models failed.")
    if poll_seconds > 0:
        manager.start_polling(poll_seconds)


def _announce_when_ready(
    manager: ModelManager,
    stopping: threading.Event,
    port: int,
    ready_file: str,
) -> None:
    while not all(manager.readiness().values()):
        if stopping.wait(0.1):
            return
    _write_ready_file(ready_file, port)
    print(f"READY port={port}", flush=True)


def _write_ready_file(ready_file: str, port: int | None) -> None:
    """Writes the port; without one removes the file of an earlier run."""
    if not ready_file:
        return
    unfinished = pathlib.Path(f"{ready_file}.tmp")
    try:
        if port is None:
            pathlib.Path(ready_file).unlink(missing_ok=True)
            return
        unfinished.write_text(f"{port}\n", encoding="utf-8")
        unfinished.replace(ready_file)
    except OSError as error:
        raise ServingError(
            f"cannot write --ready_file={ready_file}: {error.strerror}"
        ) from error
