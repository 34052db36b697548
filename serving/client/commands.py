"""The command line `python -m serving.client`."""

import argparse
import sys
from typing import Any

from serving.arguments import Parser
from serving.client import (
    command_inputs,
    command_outputs,
    next_frame,
    story,
)
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
        description="Calls a model on TF Serving or on the development "
        "server. Mistakes end in one line and exit code 1.",
        parents=[_common(defaults=True)],
    )
    commands = parser.add_subparsers(
        dest="command", required=True, metavar="COMMAND"
    )

    def command(name: str, run: Any, text: str) -> argparse.ArgumentParser:
        child = commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            parents=[_common()],
        )
        child.set_defaults(run=run)
        return child

    command("status", _status, "print the model's versions and their states")
    command("metadata", _metadata, "print what the model's signatures take")
    wait = command("wait", _wait, "wait until the model can be called")
    wait.add_argument(
        "--seconds",
        type=float,
        default=60.0,
        metavar="SECONDS",
        help="how long at most (%(default)s)",
    )
    predict = command(
        "predict", _predict, "call any signature and print its outputs as JSON"
    )
    predict.add_argument(
        "--signature",
        default=DEFAULT_SIGNATURE,
        metavar="NAME",
        help="one of those that the command metadata prints (%(default)s)",
    )
    predict.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="VALUE is text, a number, a JSON list, or @FILE for a file's "
        "bytes; give a name several times for a list. What lacks the batch "
        "dimension becomes a batch of one",
    )
    predict.add_argument(
        "--save",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help="write an output to FILE instead of printing it: strings, such "
        "as pictures, as their bytes, each to a file of its own (a.png or, "
        "of several, a-0.png, a-1.png, ...), and numbers as a NumPy file",
    )
    next_frame.add_arguments(
        command(
            "next", next_frame.run, "ask StoryReasoning how a story goes on"
        )
    )
    story.add_arguments(
        command("story", story.run, "have StoryGAN draw a story of yours")
    )
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

    add(
        "--target",
        "localhost:8500",
        metavar="HOST:PORT",
        help="the server's gRPC port (localhost:8500)",
    )
    add(
        "--model",
        "default",
        metavar="NAME",
        help="the model's name on the server (default)",
    )
    add(
        "--version",
        None,
        type=int,
        metavar="N",
        help="call this version (the latest)",
    )
    add(
        "--version_label",
        None,
        metavar="LABEL",
        help="call the version with this label",
    )
    add(
        "--timeout",
        30.0,
        type=float,
        metavar="SECONDS",
        help="deadline of each try (30)",
    )
    add(
        "--retries",
        3,
        type=int,
        metavar="N",
        help="further tries if the server cannot be reached (3)",
    )
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
            f"{', '.join(signatures) or 'none'}; choose with --signature"
        )
    signature = signatures[arguments.signature]
    inputs = command_inputs.parse(arguments.input, signature)
    saves = command_outputs.parse_saves(arguments.save, signature.outputs)
    outputs = client.predict(arguments.signature, inputs)
    saved = {
        name: command_outputs.save(outputs[name], path)
        for name, path in saves.items()
    }
    print(command_outputs.to_json(outputs, saved))
