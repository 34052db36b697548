"""The terminal shows a line a component; all else goes to the log."""

import logging
import sys

import pytest
from absl import logging as absl_logging

from tfstory.errors import UserError
from tfx_pipeline import terminal


def _run_components():
    absl_logging.info("Component %s is running.", "Transform")
    absl_logging.info("A cached execution %d is used.", 7)
    absl_logging.info("Component %s is finished.", "Transform")
    absl_logging.info("Component %s is running.", "Trainer")
    absl_logging.info("Going to run a new execution %d", 8)
    absl_logging.info("Component %s is finished.", "Trainer")


def test_one_line_a_component_and_the_log_has_the_rest(tmp_path, capsys):
    log = tmp_path / "deep" / "pipeline.log"
    with terminal.quiet(str(log)):
        _run_components()
        logging.getLogger("beam").warning("something long")
        terminal.say("said")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "Transform",
        "Trainer",
        "Trainer",
        "said",
    ]
    assert lines[0].endswith("cached")
    assert lines[1].endswith("...")
    assert lines[2].endswith(" s")
    assert "something long" in log.read_text()


def test_logging_is_as_before_afterwards(tmp_path):
    root = logging.getLogger()
    before = root.handlers[:], root.level, absl_logging.get_verbosity()
    with terminal.quiet(str(tmp_path / "log")):
        assert root.handlers != before[0]
    after = root.handlers[:], root.level, absl_logging.get_verbosity()
    assert after == before


def test_standard_error_goes_to_the_log_and_comes_back(tmp_path, capfd):
    log = tmp_path / "log"
    with terminal.quiet(str(log)):
        print("from a library", file=sys.__stderr__, flush=True)
    print("an error", file=sys.__stderr__, flush=True)
    assert "from a library" in log.read_text()
    assert capfd.readouterr().err == "an error\n"


def test_the_running_component_is_known_when_one_fails(tmp_path):
    with terminal.quiet(str(tmp_path / "log")) as lines:
        absl_logging.info("Component %s is running.", "Evaluator")
        assert lines.current == "Evaluator"


def test_a_log_that_cannot_be_written_is_a_users_error(tmp_path):
    (tmp_path / "file").write_text("")
    log = str(tmp_path / "file" / "runs" / "pipeline.log")
    with pytest.raises(UserError, match="runs cannot be written to: Not a dir"):
        with terminal.quiet(log):
            pass
