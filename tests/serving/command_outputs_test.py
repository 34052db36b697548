"""`predict` with any signature: files in, files and JSON out."""

import json
import pathlib

import numpy as np
import pytest

from serving.client import command_outputs, commands


@pytest.fixture(scope="module")
def generator(tmp_path_factory):
    """A model that turns sentences and a seed into a picture a sentence."""
    import tensorflow as tf

    class Generator(tf.Module):
        @tf.function(
            input_signature=[
                tf.TensorSpec([None, None], tf.string, "sentences"),
                tf.TensorSpec([None], tf.int64, "seed"),
            ]
        )
        def generate(self, sentences, seed):
            suffix = tf.strings.as_string(seed)[:, None]
            # The first byte of a PNG file is no UTF-8.
            return {
                "images": b"\x89" + sentences + suffix,
                "words": sentences,
                "score": tf.cast(seed, tf.float32),
            }

    generator = Generator()
    path = tmp_path_factory.mktemp("generator") / "generator"
    function = generator.generate.get_concrete_function()
    tf.saved_model.save(generator, str(path / "1"), {"generate": function})
    return path


@pytest.fixture
def generate(generator, serve, capsys):
    from serving.server import config

    served = serve(config.ModelSettings("generator", generator))

    def generate(*arguments):
        code = commands.main(
            ["predict", f"--target={served.target}", "--model=generator"]
            + ["--signature=generate", *arguments]
        )
        captured = capsys.readouterr()
        assert (code, captured.err) == (0, "")
        return json.loads(captured.out)

    return generate


def test_a_story_is_saved_as_a_picture_a_sentence(generate, tmp_path):
    outputs = generate(
        "--input=sentences=Ä",
        "--input=sentences=@" + str(_file(tmp_path / "text", b"[b]")),
        "--input=seed=7",
        f"--save=images={tmp_path / 'story.png'}",
        f"--save=score={tmp_path / 'score.npy'}",
    )
    names = ["story-0-0.png", "story-0-1.png"]
    pictures = [tmp_path / name for name in names]
    assert outputs == {
        "images": {"files": [str(path) for path in pictures]},
        "score": {"files": [str(tmp_path / "score.npy")]},
        "words": [["Ä", "[b]"]],
    }
    assert [path.read_bytes() for path in pictures] == [
        b"\x89" + "Ä7".encode(),
        b"\x89[b]7",
    ]
    score = np.load(tmp_path / "score.npy")
    assert (score.dtype, score.tolist()) == (np.float32, [7.0])


def test_several_stories_in_one_request(generate):
    outputs = generate(
        '--input=sentences=[["a", "b"], ["c", "@d"]]', "--input=seed=[1, 2]"
    )
    assert outputs["words"] == [["a", "b"], ["c", "@d"]]
    assert outputs["score"] == [1.0, 2.0]
    assert outputs["images"][1][0] == {"b64": "iWMy"}


def _file(path, content):
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("shape", "names"),
    [
        ((), ["a.b.png"]),
        ((1, 1), ["a.b.png"]),
        ((2,), ["a.b-0.png", "a.b-1.png"]),
        ((2, 1), ["a.b-0-0.png", "a.b-1-0.png"]),
        ((0,), []),
    ],
)
def test_the_names_of_files(tmp_path, shape, names):
    array = np.empty(shape, dtype=object)
    array.fill(b"\x89\0")
    path = tmp_path / "a.b.png"
    files = command_outputs.save(array, path)
    assert files == [str(tmp_path / name) for name in names]
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    assert all(pathlib.Path(f).read_bytes() == b"\x89\0" for f in files)
