"""Time the loading of places, twice, on a scratch database: PostgreSQL where DATABASE_URL names it, else SQLite.

    DATABASE_URL=postgres://… python benchmarks/load_places.py [CODE …]

Without codes every province is loaded. Prints one JSON line: rows and seconds of the first run (all
rows written) and of the second (nothing to write), and what the table of contributions holds.
"""

import contextlib
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks.scratch import database

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


@contextlib.contextmanager
def scratch() -> Iterator[None]:
    if os.environ.get("DATABASE_URL", "").startswith("postgres"):
        with database("bench_places"):
            yield
        return
    with tempfile.TemporaryDirectory() as folder:
        os.environ["DATABASE_URL"] = f"sqlite:///{folder}/places.sqlite3"
        yield


def main(provinces: list[str]) -> None:
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from facilities.actions.places import load_places
    from facilities.models import Contribution

    call_command("migrate", verbosity=0)
    runs = []
    for _run in ("first", "second"):
        started = time.perf_counter()
        loaded = load_places(provinces=provinces)
        runs.append({"seconds": round(time.perf_counter() - started, 1), **asdict(loaded)})
    contributions = Contribution.objects.count()
    print(json.dumps({"database": connection.vendor, "runs": runs, "contributions": contributions}))


if __name__ == "__main__":
    with scratch():
        main(sys.argv[1:])
