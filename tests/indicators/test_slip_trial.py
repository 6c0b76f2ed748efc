"""Typing slips made apart from the rules: the slips are what they say, and the server's checks catch enough."""

from __future__ import annotations

import pytest
from django.core.management import call_command

from benchmarks.slip_measure import CAUGHT_BAR, FLAGGED_BAR, measure
from benchmarks.station_sheets import FORMS, sheets
from benchmarks.stored_sheets import StoredSheets
from benchmarks.typing_slips import Kind, Slip, slips

SEED = 7


@pytest.fixture(scope="module")
def own_sheets():
    return list(sheets(SEED, of_each=8))


@pytest.fixture(scope="module")
def every_kind(own_sheets) -> dict[Kind, list[Slip]]:
    made = slips(own_sheets, 400, SEED)
    return {kind: [slip for slip in made if slip.kind == kind] for kind in Kind}


def pairs(slips: list[Slip]) -> list[tuple[int, int | None]]:
    """(meant, typed) of every touched cell."""
    return [(slip.sheet.values[cell], slip.typed[cell]) for slip in slips for cell in slip.touched]


class TestSlips:
    def test_a_seed_makes_the_same_slips_again_and_another_seed_others(self, own_sheets):
        first, again, other = (slips(own_sheets, 40, seed) for seed in (1, 1, 2))
        shape = [
            [(slip.kind, slip.sheet.station, slip.typed) for slip in made] for made in (first, again, other)
        ]
        assert shape[0] == shape[1] != shape[2]

    def test_both_kinds_of_country_and_every_form_are_tried(self, own_sheets):
        assert {(sheet.highland, sheet.form) for sheet in own_sheets} == {
            (highland, form) for highland in (True, False) for form in FORMS
        }
        assert all(20 <= len(sheet.past) <= 24 for sheet in own_sheets)

    def test_touched_are_the_cells_that_do_not_hold_what_was_meant(self, every_kind):
        for slip in sum(every_kind.values(), []):
            differing = {cell for cell, value in slip.sheet.values.items() if slip.typed[cell] != value}
            assert slip.touched == differing != set()

    def test_each_kind_does_to_figures_what_its_name_says(self, every_kind):
        assert all(typed == meant * 10 for meant, typed in pairs(every_kind[Kind.TIMES_TEN]))
        assert all(typed * 10 == meant for meant, typed in pairs(every_kind[Kind.TENTH]))
        assert all(
            sorted(str(meant)) == sorted(str(typed)) for meant, typed in pairs(every_kind[Kind.TRANSPOSED])
        )
        assert all(len(str(typed)) == len(str(meant)) + 1 for meant, typed in pairs(every_kind[Kind.DOUBLED]))
        assert all(meant > 0 == typed for meant, typed in pairs(every_kind[Kind.ZERO]))
        for slip in every_kind[Kind.ZERO]:
            (cell,) = slip.touched
            assert all(month.get(cell) != 0 for month in slip.sheet.past.values())
        for slip in every_kind[Kind.OTHER_MONTH]:
            (cell,) = slip.touched
            assert slip.typed[cell] in {month.get(cell) for month in slip.sheet.past.values()}

    def test_rows_are_swapped_with_their_neighbour(self, every_kind):
        for slip in every_kind[Kind.SWAPPED]:
            (section,) = [own for own in slip.sheet.sections if slip.touched <= set(own)]
            first, second = sorted(section.index(cell) for cell in slip.touched)
            assert second == first + 1
            assert slip.typed[section[first]] == slip.sheet.values[section[second]]
            assert slip.typed[section[second]] == slip.sheet.values[section[first]]

    def test_shifted_rows_hold_their_neighbours_figures_all_in_one_direction(self, every_kind):
        for slip in every_kind[Kind.SHIFTED]:
            (section,) = [own for own in slip.sheet.sections if slip.touched <= set(own)]
            meant = [slip.sheet.values[cell] for cell in section]
            typed = [slip.typed[cell] for cell in section]
            changed = [
                index for index, cell in enumerate(section) if typed[index] not in (meant[index], None)
            ]
            down = all(index and typed[index] == meant[index - 1] for index in changed)
            up = all(index + 1 < len(section) and typed[index] == meant[index + 1] for index in changed)
            assert down or up
            assert typed.count(None) <= 1

    def test_the_measure_counts_what_a_perfect_and_a_silent_check_find(self, own_sheets):
        made = slips(own_sheets, 80, SEED)
        known = {(id(slip.sheet), tuple(slip.typed.items())): slip.touched for slip in made}

        def perfect(typed):
            found = (known.get((id(sheet), tuple(values.items()))) for sheet, values in typed)
            return [frozenset({("all", cells)} if cells else ()) for cells in found]

        best = measure(own_sheets, made, perfect)
        worst = measure(own_sheets, made, lambda typed: [frozenset()] * len(typed))
        assert best.holds and {share.share for share in best.slips.values()} == {1.0} and not best.missed
        assert not worst.holds and len(worst.missed) == 80
        loud = measure(own_sheets, made, lambda typed: [frozenset({("x", frozenset(v))}) for _s, v in typed])
        assert loud.clean.share == 1.0 and len(loud.missed) == 80


@pytest.mark.django_db
def test_the_servers_checks_catch_slips_and_leave_clean_fields_alone(own_sheets):
    call_command("load_catalogue", verbosity=0)
    made = slips(own_sheets, 240, SEED, kinds=(Kind.TIMES_TEN, Kind.SHIFTED))
    measured = measure(own_sheets, made, StoredSheets(own_sheets))
    assert measured.clean.share <= FLAGGED_BAR, dict(measured.clean_by_rule)
    for kind, caught in measured.barred().items():
        assert caught.of >= 60
        assert caught.share >= CAUGHT_BAR, f"{kind}: {caught}"
