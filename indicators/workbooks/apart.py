"""Run the reader in a process with limits; what it prints is all that comes back (pure, standard library)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from indicators.workbooks.container import Refused

SECONDS = 5
ROOT = Path(__file__).resolve().parents[2]


def read_apart(path: Path) -> dict[str, list[list[Any]]]:
    """Cells by sheet as `reader.read` gives them. Raises Refused, also where the process had to be ended."""
    command = [sys.executable, "-m", "indicators.workbooks.reader", str(path)]
    try:
        done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise Refused("too_slow") from error
    if done.returncode < 0:
        raise Refused("too_slow")
    try:
        answer = json.loads(done.stdout)
    except ValueError as error:
        raise Refused("memory") from error
    if "refused" in answer:
        raise Refused(answer["refused"], answer["detail"])
    return answer["sheets"]
