"""The command line `python -m serving.client`."""

import argparse
import base64
import json
import pathlib
import sys
from typing import Any

import numpy as np

from serving.arguments import Parser
from serving.client import command_inputs, next_frame
from serving.client.client import DEFAULT_SIGNATURE, Client
from serving.errors import ServingError


def main(argv: list[str] | None = None) -> int:
    """Runs one command.

    Args:
        argv: the command line; `None` takes the process's.

    Returns:
        The exit code: 1 after an error, which stands in one line on stderr.
    """
    arguments = _parser().parse_args(argv)
    try:
        with Client(
            arguments.target,
            arguments.model,
            arguments.version,
            arguments.version_label,
            timeout_seconds=arguments.timeout,
            retries=arguments.retries,
        ) as client:
            arguments.run(client, arguments)
    except ServingError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    # The common flags may stand before or after the command; without a
    # default there, the command's parser leaves what stood before alone.
    parser = Parser(
        prog="python -m serving.client",
        description="Calls TF Serving or the development server.",
        parents=[_common(defaults=True)],
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND"
    )

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        child = commands.add_parser(
            name, help=text, description=text, parents=[_common()]
        )
        child.set_defaults(run=run)
        return child

    command("status", _status, "the model's versions and their states")
    command("metadata", _metadata, "the model's signatures")
    wait = command("wait", _wait, "wait until the model can be called")
    wait.add_argument(
        "--seconds", type=float, default=60.0, help="at most (%(default)s)"
    )
    predict = command("predict", _predict, "call a signature; prints JSON")
    predict.add_argument("--signature", default=DEFAULT_SIGNATURE)
    predict.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="VALUE is text, a number, a JSON list, or @FILE for a file's "
        "bytes; repeat it for a list",
    )
    predict.add_argument(
        "--save",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="write the bytes of an output with one string to a file",
    )
    story = command("next", next_frame.run, "how a story goes on")
    next_frame.add_arguments(story)
    return parser


def _common(defaults: bool = False) -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(
        add_help=False,
        argument_default=None if defaults else argparse.SUPPRESS,
    )

    def add(flag: str, default: Any, **options: Any) -> None:
        if defaults:
            options["default"] = default
        common.add_argument(flag, **options)

    add("--target", "localhost:8500", help="host:port (localhost:8500)")
    add("--model", "default", help="the model's name (default)")
    add("--version", None, type=int, help="version (the latest)")
    add("--version_label", None, help="the version with this label")
    add("--timeout", 30.0, type=float, help="seconds for each try (30)")
    add("--retries", 3, type=int, help="if the server cannot be reached (3)")
    return common


def _status(client: Client, arguments: argparse.Namespace) -> None:
    for version in client.status():
        print(f"{version.version} {version.state} {version.error}".rstrip())


def _metadata(client: Client, arguments: argparse.Namespace) -> None:
    found = client.metadata()
    print(f"{found.name} version {found.version}")
    for name, signature in found.signatures.items():
        print(name)
        for kind in ("inputs", "outputs"):
            for key, spec in sorted(getattr(signature, kind).items()):
                print(f"  {kind[:-1]} {key}: {spec}")


def _wait(client: Client, arguments: argparse.Namespace) -> None:
    client.wait_until_ready(arguments.seconds)
    print("ready")


def _predict(client: Client, arguments: argparse.Namespace) -> None:
    signatures = client.metadata().signatures
    if arguments.signature not in signatures:
        raise ServingError(
            f"the model has no signature {arguments.signature}; it has "
            f"{', '.join(signatures) or 'none'}"
        )
    inputs = command_inputs.parse(
        arguments.input, signatures[arguments.signature]
    )
    outputs = client.predict(arguments.signature, inputs)
    for item in arguments.save:
        _save(item, outputs)
    printable = {name: _printable(a.tolist()) for name, a in outputs.items()}
    print(json.dumps(printable, indent=2, sort_keys=True, ensure_ascii=False))


def _save(item: str, outputs: dict[str, np.ndarray]) -> None:
    name, _, path = item.partition("=")
    if name not in outputs or not path:
        raise ServingError(
            f"--save {item!r} is not NAME=FILE with one of the outputs "
            f"{', '.join(sorted(outputs))}"
        )
    array = outputs.pop(name)
    if array.size != 1 or not isinstance(array.flat[0], bytes):
        raise ServingError(f"output '{name}' is not one string; cannot save")
    try:
        pathlib.Path(path).write_bytes(array.flat[0])
    except OSError as error:
        raise ServingError(f"cannot write {path}: {error.strerror}") from error


def _printable(value: Any) -> Any:
    """Bytes as text where they are text, else in base 64 as TF Serving's
    REST interface has them."""
    if isinstance(value, list):
        return [_printable(item) for item in value]
    if not isinstance(value, bytes):
        return value
    try:
        return value.decode()
    except UnicodeDecodeError:
        return {"b64": base64.b64encode(value).decode()}
