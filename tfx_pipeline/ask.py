"""Asks a served model about a held-out example, as its system does."""

import os
import pathlib

import ml_collections
import numpy as np

from serving.client.client import Client
from tfstory.datasets import records
from tfstory.examples import ExampleFormat
from tfstory.systems import registry
from tfx_pipeline import report_html, server_process

_DEADLINE_SECONDS = 60.0


def held_out(
    examples_dir: str, example_format: ExampleFormat
) -> dict[str, np.ndarray]:
    """Returns the first raw example of the test split."""
    pattern = os.path.join(examples_dir, "test", "*.gz")
    return next(records.read(pattern, example_format).as_numpy_iterator())


def ask(
    config: ml_collections.ConfigDict,
    model_base_path: str,
    model_name: str,
    examples_dir: str,
    directory: str,
) -> str:
    """Serves a model and asks it over gRPC.

    Args:
      config: the run's config.
      model_base_path: str, directory of versions.
      model_name: str.
      examples_dir: str, whose test split holds the example to ask about.
      directory: str, gets the pictures that the system makes of the answer.

    Returns:
      What to show to people (`System.ask_served`).

    Raises:
      UserError: the server does not come up.
      ServingError: it does not answer.
    """
    system = registry.get(config.system)
    example = held_out(examples_dir, system.example_format(config))
    with (
        server_process.serve(model_base_path, model_name) as target,
        Client(target, model_name, timeout_seconds=_DEADLINE_SECONDS) as client,
    ):
        return system.ask_served(config, example, client.predict, directory)


def add_to_report(report: str, answer: str, directory: str) -> None:
    """Puts an answer and its pictures into the page of a run.

    Args:
      report: str, path of the HTML report.
      answer: str, what `ask` returned.
      directory: str, which `ask` was given.
    """
    page = pathlib.Path(report)
    drawn = sorted(pathlib.Path(directory).iterdir())
    page.write_text(
        report_html.add_answer(
            page.read_text("utf-8"),
            answer,
            {path.stem: path.read_bytes() for path in drawn},
        ),
        "utf-8",
    )
