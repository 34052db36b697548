"""`tfstory generate` for face_gan: faces, ways between them, neighbours."""

import argparse
import pathlib
from collections.abc import Iterator

import numpy as np
import tensorflow as tf

from tfstory import strips
from tfstory.datasets.load import load
from tfstory.errors import UserError
from tfstory.systems import arguments
from tfstory.systems.face_gan import neighbours, sheets
from tfstory.systems.face_gan.features import PICTURES
from tfstory.systems.face_gan.signatures import MOST
from tfstory.systems.system import System

_BATCH = 256
SHEET = "sheet.png"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the arguments."""
    parser.add_argument(
        "--count", type=int, default=16, help="faces (default: %(default)s)"
    )
    arguments.add_seed(parser)
    parser.add_argument(
        "--interpolate",
        type=arguments.seed,
        metavar="SEED",
        help="draw --count steps from --seed's first face to this seed's first",
    )
    parser.add_argument(
        "--neighbours",
        type=int,
        default=0,
        metavar="N",
        help="show so many nearest training pictures beside each face",
    )
    parser.add_argument(
        "--data_dir",
        default="",
        help="where the training data lies, for --neighbours",
    )
    parser.add_argument(
        "--out",
        default="faces",
        help=f"directory for the pictures and {SHEET} (default: %(default)s)",
    )


def run(system: System, args: argparse.Namespace) -> None:
    """Writes one PNG a face, and a sheet of all.

    Raises:
      UserError: an argument is out of range, or there is no training data.
    """
    least = 1 if args.interpolate is None else 2
    arguments.check_within("--count", args.count, least, MOST)
    if args.neighbours < 0:
        raise UserError(
            f"--neighbours must be 0 or more, not {args.neighbours}"
        )
    if args.neighbours and not args.data_dir:
        raise UserError(
            "--neighbours looks into the training data; name their directory "
            "with --data_dir"
        )
    encoded = _drawn(system, args)
    images = np.stack(
        [tf.io.decode_png(content).numpy() for content in encoded]
    )
    sheet = sheets.grid(images)
    if args.neighbours:
        sheet = _with_neighbours(system, args, images)
    out = pathlib.Path(args.out)
    out.mkdir(parents=True, exist_ok=True)
    for index, content in enumerate(encoded):
        (out / f"{index:04d}.png").write_bytes(content)
    (out / SHEET).write_bytes(tf.io.encode_png(sheet).numpy())
    print(f"{len(encoded)} pictures written to {out}, with {SHEET}")


def _drawn(system, args) -> list[bytes]:
    count = tf.constant(args.count)
    seed = tf.constant(args.seed, tf.int64)
    signatures = system.signatures()
    if args.interpolate is None:
        answer = signatures["generate"](num_samples=count, seed=seed)
        return answer["images"].numpy().tolist()
    answer = signatures["interpolate"](
        first_seed=seed[tf.newaxis],
        last_seed=tf.constant([args.interpolate], tf.int64),
        steps=count,
    )
    return answer["images"].numpy()[0].tolist()


def _with_neighbours(system, args, images) -> np.ndarray:
    count = len(images)
    # As many, so that the least of the distances can be compared too.
    held_out = np.concatenate(list(_pictures(system, args, "test", count)))
    found, errors = neighbours.nearest(
        np.concatenate([images, held_out]),
        _pictures(system, args, "train"),
        args.neighbours,
    )
    generated, real = (
        f"{nearest.mean():.3f} in the mean, {nearest.min():.3f} at least"
        for nearest in np.split(errors[:, 0], [count])
    )
    print(
        f"difference to the nearest training picture: generated {generated}; "
        f"held-out real {real}"
    )
    rows = [
        strips.strip(
            np.concatenate([[image], near]),
            ["", *(f"difference {error:.3f}" for error in distances)],
            ["generated", *["training"] * len(near)],
            [True, *[False] * len(near)],
        )
        for image, near, distances in zip(
            images, found[:count], errors[:count], strict=True
        )
    ]
    return strips.sheet(rows, [f"face {i}" for i in range(len(rows))])


def _pictures(system, args, split, count=-1) -> Iterator[np.ndarray]:
    """Returns batches of a split's pictures, the first `count` or all."""
    raw = load(system.config, args.data_dir, split).take(count).batch(_BATCH)
    return (batch[PICTURES].numpy() for batch in raw.map(system.prepare))
