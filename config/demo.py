"""The main job, end to end, on the five real plans: `make demo`.

Nothing here is special to a demonstration: it runs the same commands an administrator would, in order,
and with Redis the same worker and beat.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PLAN_FOLDER = ROOT / "plans" / "data"
ADDRESS = "127.0.0.1:8000"
RENDERING_SECONDS = 240
FIRST, LAST = "2024-01", "2026-10"
# Plan, year, period: the years the plans and the figures share; 2026 as it stands after ten months.
REPORTED = (
    ("bac-giang-2024-2025", 2024, "year"),
    ("bac-giang-2024-2025", 2025, "year"),
    ("dien-bien-phu-2021-2025", 2024, "year"),
    ("dien-bien-phu-2021-2025", 2025, "year"),
    ("bac-ninh-1663-2025", 2025, "year"),
    ("bac-ninh-1999-2026-2030", 2026, LAST),
    ("bac-ninh-683-2026", 2026, LAST),
)


# The other kinds: title, arguments of `prepare_report`.
OTHER_KINDS = (
    (
        "Review dien-bien-phu-2021-2025 2024–2025",
        ("dien-bien-phu-2021-2025", "--kind", "review", "--from-year", "2024", "--year", "2025"),
    ),
    (
        "One page for the leadership, bac-ninh-683-2026",
        ("bac-ninh-683-2026", "--kind", "brief", "--year", "2026", "--period", LAST),
    ),
    (
        "Report bac-giang-2024-2025 2025 on today's boundaries",
        ("bac-giang-2024-2025", "--year", "2025", "--boundaries", "today"),
    ),
)


def manage(*arguments: str) -> str:
    """Run one management command and return what it printed; leave with its error where it fails."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        sys.exit(f"`manage.py {' '.join(arguments)}` failed (exit {done.returncode}).")
    return done.stdout


def step(title: str, *arguments: str) -> str:
    started = time.perf_counter()
    print(f"· {title} …", end=" ", flush=True)
    output = manage(*arguments)
    print(f"{time.perf_counter() - started:.1f} s", flush=True)
    return output


def load_and_compute() -> None:
    step("Database", "migrate", "--verbosity", "0")
    step(
        "Places before and after 1 July 2025: Bắc Ninh (24), Điện Biên (11)",
        "load_places",
        "--province",
        "24",
        "11",
    )
    step("Catalogue: elements, forms, rules, indicators", "load_catalogue")
    step("Five plans", "load_plan", *sorted(str(path) for path in PLAN_FOLDER.glob("*.yaml")))
    step(f"Figures {FIRST} to {LAST}", "generate_figures", "--from", FIRST, "--to", LAST)
    step(
        "Figures no form feeds",
        "import_entered",
        str(PLAN_FOLDER / "demonstration" / "entered.csv"),
        "--commit",
    )
    print("  " + step("Recompute", "recompute", "--from", FIRST, "--to", LAST).strip())


def write_reports() -> None:
    """Freeze each report and have its PDF, Word and Excel rendered by the task, in the process or by the worker."""
    for slug, year, period in REPORTED:
        title = f"Report {slug} {year if period == 'year' else period}"
        step(title, "prepare_report", slug, "--year", str(year), "--period", period, "--files")
    for title, arguments in OTHER_KINDS:
        step(title, "prepare_report", *arguments, "--files")
    step("Reports that the plans make due", "sweep_report_duties")
    deadline = time.monotonic() + RENDERING_SECONDS
    while waiting := int(manage("report_files", "--waiting")):
        if time.monotonic() > deadline:
            sys.exit(f"{waiting} report files are still waiting. Is a worker running?")
        time.sleep(1)
    print(manage("report_files"), end="")


@contextlib.contextmanager
def background() -> Iterator[None]:
    """With Redis: one worker and one beat for as long as the block runs, ended by their process ids."""
    if not os.environ.get("REDIS_URL"):
        yield
        return
    celery = [sys.executable, "-m", "celery", "-A", "config"]
    schedule = str(ROOT / "var" / "celerybeat-schedule")
    commands = (
        [*celery, "worker", "--concurrency", "1", "--loglevel", "WARNING"],
        [*celery, "beat", "--schedule", schedule, "--pidfile=", "--loglevel", "WARNING"],
    )
    (ROOT / "var").mkdir(exist_ok=True)
    started = [subprocess.Popen(command, cwd=ROOT) for command in commands]
    try:
        yield
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(timeout=30)


def serve() -> None:
    print(f"\nhttp://{ADDRESS} (Ctrl+C to stop)", flush=True)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", ADDRESS, "--workers", "2"]
    with contextlib.suppress(KeyboardInterrupt):
        subprocess.run(command, cwd=ROOT, check=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-serve", action="store_true", help="stop before serving")
    arguments = parser.parse_args()
    started = time.perf_counter()
    load_and_compute()
    with background():
        sign_ins = step("One sign-in a role", "create_sign_ins")
        write_reports()
        keys = step("Trial keys for signing", "make_trial_keys")
        print(
            f"\nDone in {time.perf_counter() - started:.0f} s. Reports are in var/reports/.\n\n{sign_ins}\n{keys}"
        )
        if not arguments.no_serve:
            serve()


if __name__ == "__main__":
    main()
