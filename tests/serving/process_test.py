"""The server as a process of its own."""

import importlib.machinery
import os
import pathlib
import signal
import subprocess
import sys

import pytest

from serving.client import Client
from serving.server import app
from serving.server.config import ModelSettings
from serving.server.manager import ModelManager

ROOT = pathlib.Path(__file__).parents[2]


def _start(*arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-m", "serving.server", *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", **environment},
    )


def test_a_server_from_start_to_end(add_version, tmp_path):
    """One process: ports, ready file, an answer, a taken port, SIGTERM."""
    add_version(1)
    ready_file = tmp_path / "ready"
    ready_file.write_text("left by an earlier run")
    config_file = tmp_path / "models.config"
    config_file.write_text(
        "model_config_list { config { name: 'numbers' "
        f"base_path: '{tmp_path / 'numbers'}' model_platform: 'tensorflow' "
        "version_labels { key: 'stable' value: 1 } } }"
    )
    server = _start(
        f"--model_config_file={config_file}",
        "--allow_version_labels_for_unavailable_models",
        "--port=0",
        f"--ready_file={ready_file}",
    )
    try:
        listening = server.stdout.readline()
        assert not ready_file.exists()
        ready = server.stdout.readline()
        port = int(ready.removeprefix("READY port="))
        assert listening == f"LISTENING port={port}\n"
        assert ready_file.read_text() == f"{port}\n"
        with Client(
            f"localhost:{port}",
            "numbers",
            version_label="stable",
            timeout_seconds=60,
        ) as client:
            # The process has imported tensorflow_text by itself.
            outputs = client.predict("lower", {"text": ["ÄB"]})
            assert outputs["text"].tolist() == ["äb".encode()]
        taken = _start(
            f"--model_base_path={tmp_path / 'numbers'}", f"--port={port}"
        )
        _, errors = taken.communicate(timeout=120)
        assert taken.returncode == 1
        assert errors.splitlines()[-1].startswith(
            f"error: cannot listen on 127.0.0.1:{port}; "
        )
        assert "Traceback" not in errors
        assert "add_port" not in errors
        server.send_signal(signal.SIGTERM)
        out, errors = server.communicate(timeout=120)
        assert server.returncode == 0
        assert out == ""
        assert "For development only" in errors
        assert "Traceback" not in errors
    finally:
        server.kill()
        server.communicate()


@pytest.fixture
def broken_tensorflow(tmp_path):
    """Folder with a TensorFlow that has its messages and no more."""
    # Python's own finder: the suite's would take this for the first import.
    spec = importlib.machinery.PathFinder.find_spec("tensorflow")
    package = tmp_path / "broken" / "tensorflow"
    package.mkdir(parents=True)
    for part in pathlib.Path(spec.origin).parent.iterdir():
        (package / part.name).symlink_to(part)
    (package / "__init__.py").unlink()
    (package / "__init__.py").write_text("raise ImportError('no\\nlibrary')")
    return package.parent


def test_without_tensorflow_the_server_ends(tmp_path, broken_tensorflow):
    server = _start(
        f"--model_base_path={tmp_path}",
        "--port=0",
        PYTHONPATH=str(broken_tensorflow),
    )
    try:
        out, errors = server.communicate(timeout=120)
    finally:
        server.kill()
        server.communicate()
    assert server.returncode == 1
    assert out.startswith("LISTENING port=")
    assert "READY" not in out
    last = errors.splitlines()[-1]
    assert last == "error: TensorFlow cannot be imported: no library"
    assert "Traceback" not in errors


def test_polling_begins_even_where_the_first_loads_raise(
    tmp_path, monkeypatch, eventually, caplog
):
    def fail():
        raise RuntimeError("nobody foresaw this")

    (tmp_path / "1").mkdir()
    manager = ModelManager(lambda path: object(), settle_seconds=0)
    manager.configure([ModelSettings("m", tmp_path)])
    monkeypatch.setattr(manager, "sync_until_settled", fail)
    app._look_after_models(manager, poll_seconds=0.01)
    eventually(lambda: manager.readiness()["m"])
    manager.stop()
    assert "Loading the models failed." in caplog.text
    assert "nobody foresaw this" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "give --model_base_path or --model_config_file"),
        (["--model_base_path=/no/folder"], "no folder /no/folder; "),
        (["--model_config_file=/no/file"], "Cannot read /no/file"),
        (
            ["--model_base_path=/", "--ready_file=/dev/null/ready"],
            "cannot write --ready_file=/dev/null/ready: Not a directory",
        ),
        (["--model_base_path=/", "--port=x"], "--port: invalid int value"),
        (["--model_base_path=/", "--port=65536"], "--port=65536 is no port"),
        (
            ["--model_base_path=/", "--max_request_bytes=0"],
            "'0' is no whole number from 1 to 2147483647",
        ),
        (
            ["--model_base_path=/", f"--max_request_bytes={2**31}"],
            "is no whole number from 1 to 2147483647",
        ),
        (
            ["--model_base_path=/", "--file_system_poll_wait_seconds=-1"],
            "'-1' is no number of seconds",
        ),
    ],
)
def test_wrong_flags_end_in_one_line(arguments, message, capsys):
    try:
        code = app.main(arguments)
    except SystemExit as raised:
        code = raised.code
    assert code == 1
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert message in err
