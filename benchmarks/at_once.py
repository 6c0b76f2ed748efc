"""Eight people approve, send back, type anew, submit and correct at random while years are recomputed and pages read.

    DATABASE_URL=postgres://… python benchmarks/at_once.py [--seconds 120] [--seed 1]

Each person, the recompute and the reader are processes of their own; every change drains its marks itself, as it does
without a worker, so eight drains meet. Prints how many changes were made, the errors people saw (deadlocks named
apart; answers such as "somebody else was faster" are no errors), how many reads found an area that was not the sum of
its facilities, and what `verify` would find after the last sweep. Bars: 0 errors, 0 such reads, 0 differences. It
fails where one does not hold, and where some change was never made.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from benchmarks import filled_country
from benchmarks.scratch import database

if TYPE_CHECKING:
    from facilities.models import User
    from indicators.models import Submission

PROVINCE, WRITERS, REPORTS = "11", 8, 120
CHANGES = ("submitted", "approved", "sent back", "corrected")
# How many of one month's exact area results are not the sum of their facilities' results.
PARTS = """
SELECT COUNT(*) FROM (
  SELECT 1 FROM (
    SELECT c.area_id, r.indicator_id, r.group_id, r.numerator, r.expected, 0 AS inexact
    FROM indicators_facilityresult r
    JOIN facilities_contribution c ON c.facility_id = r.facility_id AND c.from_month <= r.month
         AND (c.to_month IS NULL OR c.to_month > r.month)
    WHERE r.month = %(month)s
    UNION ALL
    SELECT area_id, indicator_id, group_id, -numerator, -expected, estimated + unknown
    FROM indicators_monthlyresult WHERE month = %(month)s
  ) both_sides
  GROUP BY area_id, indicator_id, group_id
  HAVING MAX(inexact) = 0 AND (SUM(numerator) <> 0 OR SUM(expected) <> 0)
) unequal
"""


def set_up() -> None:
    import django

    django.setup()


def people() -> None:
    """A clerk of every station, who types, submits and asks for corrections, and a reviewer who decides."""
    from facilities.models import Area, Assignment, Facility, Role, User

    clerk, reviewer = (User.objects.create_user(name, password=None) for name in ("asks", "decides"))
    province = Area.objects.filter(code=PROVINCE, level=Area.Level.PROVINCE).order_by("-valid_from").first()
    Assignment.objects.create(user=reviewer, role=Role.REVIEWER, area=province)
    Assignment.objects.bulk_create(
        Assignment(user=clerk, role=Role.CLERK, facility=facility) for facility in Facility.objects.all()
    )


def write(seed: int, until: float, said: multiprocessing.Queue) -> None:
    set_up()
    from django.db import Error

    from facilities.models import User
    from indicators.actions import corrections, figure_errors, submissions
    from indicators.models import Submission

    rng, done = random.Random(seed), Counter()
    asks, decides = User.objects.get(username="asks"), User.objects.get(username="decides")
    keys = list(Submission.objects.filter(period__month__in=(3, 4)).values_list("pk", flat=True))[:REPORTS]
    answers = (
        corrections.CellsMoved,
        corrections.CorrectionRefused,
        figure_errors.InvalidTransition,
        figure_errors.NotOpen,
        submissions.ChangedSince,
    )
    while time.time() < until:
        submission = Submission.objects.select_related("facility", "form").get(pk=rng.choice(keys))
        try:
            done[change(submission, rng, asks, decides)] += 1
        except answers as answer:
            done[f"answered: {type(answer).__name__}"] += 1
        except Error as error:
            done["deadlocks" if "deadlock" in str(error) else f"errors: {error}"[:120]] += 1
    said.put(done)


def change(submission: Submission, rng: random.Random, asks: User, decides: User) -> str:
    """Take the report one step on its way; return which."""
    from indicators.actions import corrections, figures, submissions
    from indicators.models import Submission
    from indicators.values import CellValue

    value = submission.values.select_related("element", "group").order_by("pk")[rng.randrange(4)]
    cells = {(value.element.code, value.group.code): CellValue(rng.randrange(99))}
    if submission.status == Submission.Status.SENT_BACK:
        place = {"facility": submission.facility, "form": submission.form, "period": submission.period}
        saved = figures.save_cells(**place, cells=cells, by=asks)
        submissions.submit(submission=saved, by=asks)
        return "submitted"
    if submission.status == Submission.Status.SUBMITTED:
        submissions.approve(submission=submission, by=decides)
        return "approved"
    if rng.random() < 0.3:
        submissions.send_back(submission=submission, by=decides, reason="Kiểm tra lại.")
        return "sent back"
    asked = corrections.propose_correction(submission=submission, cells=cells, reason="Sổ ghi khác.", by=asks)
    corrections.accept_correction(correction=asked, by=decides)
    return "corrected"


def recompute_all(until: float, said: multiprocessing.Queue) -> None:
    set_up()
    from facilities.periods import Month
    from indicators.actions.recompute import recompute_months

    done = Counter()
    while time.time() < until:
        recompute_months(Month(2025, 1), Month(2025, 12))
        done["recomputes"] += 1
        time.sleep(1)
    said.put(done)


def read(seed: int, until: float, said: multiprocessing.Queue) -> None:
    set_up()
    from django.db import connection

    rng, done = random.Random(seed), Counter({"reads that did not sum": 0})
    while time.time() < until:
        with connection.cursor() as cursor:
            cursor.execute(PARTS, {"month": f"2025-{rng.choice((3, 4)):02d}-01"})
            done["reads"] += 1
            done["reads that did not sum"] += cursor.fetchone()[0] > 0
    said.put(done)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with database("bench_at_once"):
        from django.db import connections

        from facilities.periods import Month
        from indicators.actions import recompute

        filled_country.fill([PROVINCE])
        people()
        recompute.recompute_months(Month(2025, 1), Month(2025, 12))
        connections.close_all()
        spawn, until = multiprocessing.get_context("spawn"), time.time() + options.seconds
        said = spawn.Queue()
        work = [(write, (options.seed * 100 + n, until, said)) for n in range(WRITERS)]
        work += [(recompute_all, (until, said)), (read, (options.seed, until, said))]
        processes = [spawn.Process(target=target, args=arguments) for target, arguments in work]
        for process in processes:
            process.start()
        total: Counter[str] = Counter()
        for _ in processes:
            total += said.get(timeout=options.seconds + 120)
        for process in processes:
            process.join()
        recompute.drain_marks()
        total.update({"differences": recompute.differences(), "deadlocks": 0, "reads that did not sum": 0})
        print(json.dumps(total, ensure_ascii=False))
        wrong = ("deadlocks", "reads that did not sum", "differences", "errors")
        if broken := [name for name, count in total.items() if count and name.startswith(wrong)]:
            sys.exit(f"Not held: {', '.join(broken)}")
        if missing := [one for one in CHANGES if not total[one]]:
            sys.exit(f"Nothing was {', '.join(missing)}: the run shows nothing of it.")


if __name__ == "__main__":
    main()
