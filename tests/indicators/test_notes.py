"""Notes of two people on one cell: nothing either typed is cut away."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from indicators.actions.notes import MOST_CHARS, write_changed_notes, write_notes
from indicators.models import CellNote
from tests.factories_indicators import FormFactory, SubmissionFactory

pytestmark = pytest.mark.django_db
ALL = ("X.all", "")


@pytest.fixture
def submission(world):
    form = FormFactory(code="X", cells=[ALL])
    return SubmissionFactory(
        facility=world.facilities["T-a1"], form=form, period=date(2025, 8, 1), values={ALL: 5}
    )


def write(submission, cast, text, shown=None):
    return write_changed_notes(submission=submission, texts={ALL: text}, shown=shown, by=cast.clerk)


def note():
    return CellNote.objects.get().text


def test_two_long_notes_stand_whole_beside_each_other(submission, cast):
    before = timezone.now() - timedelta(minutes=5)
    first, second = "một " * 124 + "hết.", "hai " * 124 + "hết."
    write(submission, cast, first)
    write(submission, cast, second, shown=before)
    assert note() == f"{first}; {second}"
    # The page that shows both sends both back: nothing changes, and a later word takes none of them.
    assert write(submission, cast, note()) == 0
    write(submission, cast, note().replace("hai ", "ba  ", 1))
    assert note() == f"{first}; ba  {second[4:]}"


def test_one_note_is_bounded(submission, cast):
    write_notes(submission=submission, kind="note", texts={ALL: "x" * 600}, by=cast.clerk)
    assert len(note()) == MOST_CHARS
