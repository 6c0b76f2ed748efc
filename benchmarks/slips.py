"""1,000 seeded slips of the hand on generated history through the server's checks: the caught, and the flagged.

    python benchmarks/slips.py [--slips 1000] [--stations 40] [--seed 1] [--missed]

Bars: 90 % of ×10 and of row shifts with a touched cell of 5 or more; at most 2 % of the fields of sheets without
slips. The slips are written apart from the rules (benchmarks/typing_slips.py). `--missed` prints those not caught.
Its database is in memory.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
from benchmarks.slip_measure import BARRED, CAUGHT_BAR, FLAGGED_BAR, LARGE, Measured, measure  # noqa: E402
from benchmarks.station_sheets import sheets  # noqa: E402
from benchmarks.typing_slips import Kind, Slip, slips  # noqa: E402
from indicators.expressions import cell_text  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--slips", type=int, default=1000)
    parser.add_argument(
        "--stations", type=int, default=40, help="stations, and points, of either kind of country"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--missed", action="store_true", help="print the slips that were not caught")
    chosen = parser.parse_args()
    os.environ["DATABASE_URL"] = "sqlite://:memory:"
    os.environ.pop("REDIS_URL", None)

    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, skip_checks=True)
    call_command("load_catalogue", stdout=open(os.devnull, "w"))  # noqa: SIM115
    from benchmarks.stored_sheets import StoredSheets

    own = list(sheets(chosen.seed, chosen.stations))
    measured = measure(own, slips(own, chosen.slips, chosen.seed), StoredSheets(own))
    print_table(measured, len(own))
    if chosen.missed:
        for slip in measured.missed:
            print(describe(slip))
    return int(not measured.holds)


def print_table(measured: Measured, count: int) -> None:
    print(
        f"{'slip':24}{f'caught, usual ≥ {LARGE}':>24}{'the rest':>20}{f'cells named, ≥ {LARGE}':>24}{'the rest':>20}"
    )
    for kind in Kind:
        shares = [of[kind, large] for of in (measured.slips, measured.cells) for large in (True, False)]
        bar = f"   bar {CAUGHT_BAR:.0%}" if kind in BARRED else ""
        print(f"{kind:24}{shares[0]!s:>24}{shares[1]!s:>20}{shares[2]!s:>24}{shares[3]!s:>20}{bar}")
    print(f"clean fields flagged: {measured.clean} on {count} sheets   bar {FLAGGED_BAR:.0%}")
    for rule, flagged in sorted(measured.clean_by_rule.items(), key=lambda pair: -pair[1]):
        print(f"  {rule}: {flagged}")
    print("bars hold" if measured.holds else "A BAR IS MISSED")


def describe(slip: Slip) -> str:
    cells = "; ".join(
        f"{cell_text(cell)} {slip.sheet.values[cell]}→{slip.typed[cell]} (usual {slip.sheet.usual.get(cell)})"
        for cell in sorted(slip.touched)
    )
    return f"missed: {slip.kind} on {slip.sheet.station} {slip.sheet.form} {slip.sheet.period:%Y-%m}: {cells}"


if __name__ == "__main__":
    sys.exit(main())
