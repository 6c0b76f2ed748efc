"""Commands whose output is read by another program."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

SIGPIPE_STATUS = 141  # 128 + SIGPIPE: how a shell tells of a program whose reader went away


@contextmanager
def ends_quietly(stream: TextIO) -> Iterator[None]:
    """Leave without a traceback where who reads `stream` has read enough, as in `… | head`. Raises SystemExit.

    Only what is written inside is meant: a broken connection to anything else stays an error.
    """
    try:
        yield
        stream.flush()
    except BrokenPipeError as error:
        # The interpreter flushes once more when it ends; that must not fail again.
        with suppress(AttributeError, io.UnsupportedOperation):
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, stream.fileno())
            os.close(nowhere)
        raise SystemExit(SIGPIPE_STATUS) from error
