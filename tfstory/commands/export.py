"""Writes a trained system's SavedModel as the next version under --output.

Training must have ended. The model computes in float32, in whatever precision
it was trained. Two validation examples of the prepared dataset become its
warm-up requests.
"""

import argparse

from tfstory.commands import options
from tfstory.commands import workdir as workdirs

# Examples whose requests warm a new version up.
_WARM_UP_EXAMPLES = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    options.add_trained_workdir(parser)
    parser.add_argument(
        "--output",
        required=True,
        metavar="DIR",
        help="directory of the model's versions: DIR/1, DIR/2, ...",
    )
    options.add_data_dir(parser)


def run(args: argparse.Namespace) -> None:
    """Runs the command."""
    from tfstory.export import saved_model

    system = workdirs.trained_system(args.workdir, unfinished=False)
    examples = workdirs.load_examples(
        system.config, args.data_dir, "validation"
    )
    batch = next(examples.batch(_WARM_UP_EXAMPLES).as_numpy_iterator())
    version_dir = saved_model.export(system, args.output, batch)
    print(
        f"exported: {version_dir}\n"
        f"  serve:  python -m serving.server --model_name="
        f"{system.config.system} --model_base_path={args.output} --port=8500"
    )
