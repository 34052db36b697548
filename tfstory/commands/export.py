"""Writes a trained system's SavedModel as the next version under DIR."""

import argparse

from tfstory.commands import workdir as workdirs

# Examples whose requests warm a new version up.
_WARM_UP_EXAMPLES = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument("--workdir", required=True, help="a trained run")
    parser.add_argument(
        "--output", required=True, help="directory of the model's versions"
    )
    parser.add_argument(
        "--data_dir", default="data", help="where prepared datasets lie"
    )


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
