"""Command-line flags of the development server, named as TF Serving's."""

import argparse

from serving.arguments import Parser


def parse(argv: list[str] | None = None) -> argparse.Namespace:
    """Returns the flags' values; exits with one line where they are wrong."""
    parser = Parser(
        prog="python -m serving.server",
        description="Serves models over TF Serving's gRPC API, for "
        "development only. Use TensorFlow Serving in production.",
    )
    add = parser.add_argument
    add(
        "--host",
        default="127.0.0.1",
        metavar="ADDRESS",
        help="address to listen on (%(default)s; 0.0.0.0 for other machines)",
    )
    add(
        "--port",
        type=int,
        default=8500,
        metavar="PORT",
        help="gRPC port (%(default)s); 0 picks a free one and prints it",
    )
    add(
        "--model_name",
        default="default",
        metavar="NAME",
        help="name of the model, as requests call it (%(default)s)",
    )
    add(
        "--model_base_path",
        default="",
        metavar="DIR",
        help="folder that holds the model's version folders 1/, 2/, ...",
    )
    add(
        "--model_config_file",
        default="",
        metavar="FILE",
        help="several models, with policies and labels: a text "
        "ModelServerConfig, such as serving/config/models.config; replaces "
        "--model_name and --model_base_path",
    )
    add(
        "--allow_version_labels_for_unavailable_models",
        type=_boolean,
        nargs="?",
        const=True,
        default=False,
        metavar="true|false",
        help="accept labels of versions that are not loaded yet; a "
        "--model_config_file with labels needs it (false)",
    )
    add(
        "--file_system_poll_wait_seconds",
        type=_at_least_zero,
        default=1.0,
        metavar="SECONDS",
        help="pause between two looks for new versions (%(default)s); 0 looks "
        "only once",
    )
    add(
        "--max_request_bytes",
        type=_positive,
        default=64 * 2**20,
        metavar="N",
        help="refuse larger requests, and inputs that take more memory "
        "(%(default)s)",
    )
    add(
        "--threads",
        type=_positive,
        default=16,
        metavar="N",
        help="requests handled at the same time (%(default)s)",
    )
    add(
        "--ready_file",
        default="",
        metavar="FILE",
        help="file to write the port to when all models can be called",
    )
    arguments = parser.parse_args(argv)
    if not (arguments.model_base_path or arguments.model_config_file):
        parser.error("give --model_base_path or --model_config_file")
    if not 0 <= arguments.port < 2**16:
        parser.error(f"--port={arguments.port} is no port")
    return arguments


def _boolean(text: str) -> bool:
    if text.lower() not in ("true", "false", "1", "0"):
        raise argparse.ArgumentTypeError(f"{text!r} is not true or false")
    return text.lower() in ("true", "1")


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 2**31:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no whole number from 1 to {2**31 - 1}"
        )
    return int(text)


def _at_least_zero(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return value
