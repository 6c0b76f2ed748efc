"""A command whose reader has read enough ends as other tools do: no traceback."""

import io
import subprocess
import sys

import pytest

from facilities.output import SIGPIPE_STATUS, ends_quietly

WRITES = """
import sys
from facilities.output import ends_quietly
with ends_quietly(sys.stdout):
    for number in range(100_000):
        sys.stdout.write(f"{number}\\n")
"""


class Closed(io.StringIO):
    def write(self, text):
        raise BrokenPipeError


def test_who_reads_may_stop_after_the_first_line():
    command = [sys.executable, "-c", WRITES]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "0\n"
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait(30) == SIGPIPE_STATUS


def test_what_breaks_elsewhere_is_not_hidden():
    with pytest.raises(ValueError, match="other"), ends_quietly(io.StringIO()):
        raise ValueError("other")
    with pytest.raises(SystemExit) as ended, ends_quietly(closed := Closed()):
        closed.write("x")
    assert ended.value.code == SIGPIPE_STATUS
