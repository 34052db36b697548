"""The server's process: TF Serving where it is, its end in every case."""

import os
import socket
import sys
import textwrap

import pytest

from tfstory.errors import UserError
from tfx_pipeline import server_process


@pytest.fixture
def fake_server(tmp_path, monkeypatch):
    """Puts a `tensorflow_model_server` of these lines on the PATH."""

    def put(lines):
        path = tmp_path / "tensorflow_model_server"
        path.write_text(f"#!{sys.executable}\n{textwrap.dedent(lines)}")
        path.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    return put


_LISTEN = """
    import socket, sys, time
    flags = dict(word.lstrip("-").split("=") for word in sys.argv[1:])
    assert flags["model_name"] == "toy", flags
    server = socket.create_server(("localhost", int(flags["port"])))
    time.sleep(60)
"""


def _refuses(target):
    host, port = target.split(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return True
    return False


def test_tf_serving_is_taken_where_it_is_and_ended(fake_server, tmp_path):
    fake_server(_LISTEN)
    assert server_process.name() == "tensorflow_model_server"
    with server_process.serve(str(tmp_path), "toy", timeout=20) as target:
        assert not _refuses(target)
    assert _refuses(target)


def test_it_is_ended_after_an_error_too(fake_server, tmp_path):
    fake_server(_LISTEN)
    with pytest.raises(ZeroDivisionError):
        with server_process.serve(str(tmp_path), "toy", timeout=20) as target:
            raise ZeroDivisionError
    assert _refuses(target)


def test_a_server_that_ends_is_quoted(fake_server, tmp_path):
    fake_server("import sys; sys.exit('the model is broken')")
    with pytest.raises(UserError, match="code 1: the model is broken"):
        with server_process.serve(str(tmp_path), "toy", timeout=20):
            pass


def test_tf_serving_may_say_why_it_fails(fake_server, tmp_path, monkeypatch):
    monkeypatch.setenv("TF_CPP_MIN_LOG_LEVEL", "3")
    fake_server("""
        import os, sys
        assert "--max_num_load_retries=0" in sys.argv
        sys.exit(f"hidden: {'TF_CPP_MIN_LOG_LEVEL' in os.environ}")
    """)
    with pytest.raises(UserError, match="hidden: False"):
        with server_process.serve(str(tmp_path), "toy", timeout=20):
            pass


def test_a_server_that_never_listens_is_given_up(fake_server, tmp_path):
    fake_server("import time; print('loading', flush=True); time.sleep(60)")
    with pytest.raises(UserError, match="within 5 s: loading"):
        with server_process.serve(str(tmp_path), "toy", timeout=5):
            pass


def test_the_projects_server_is_taken_otherwise(monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert server_process.name() == "serving.server"
