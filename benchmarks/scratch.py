"""A scratch PostgreSQL database for a benchmark, made beside the one DATABASE_URL names and dropped after."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2

ROOT = Path(__file__).resolve().parent.parent
SERVER = os.environ.get("DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres")


@contextlib.contextmanager
def database(name: str) -> Iterator[None]:
    """Create the database, point Django at it, migrate; drop it at the end."""
    address = urlsplit(SERVER)
    if not address.scheme.startswith("postgres"):
        sys.exit("Benchmarks need PostgreSQL: set DATABASE_URL.")
    server = psycopg2.connect(urlunsplit(address._replace(path="/postgres")))
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        os.environ["DATABASE_URL"] = urlunsplit(address._replace(path=f"/{name}"))
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
        os.environ.pop("REDIS_URL", None)
        sys.path.insert(0, str(ROOT))
        import django
        from django.core.management import call_command
        from django.db import connections

        django.setup()
        connections["default"].settings_dict["NAME"] = name  # the settings know only the first one
        call_command("migrate", verbosity=0, skip_checks=True)
        yield
        connections.close_all()
    finally:
        with server.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        server.close()


def best_of(times: int, work: Callable[[], object]) -> float:
    """Seconds of the fastest run: the one other work on the machine disturbed least."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)
