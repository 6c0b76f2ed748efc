"""What is written in a cell: a count, blank, "no data", or a text kept with its problem."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.checks import problem_text
from indicators.values import BLANK, GREATEST, NO_DATA, CellValue, Problem, read

CELLS = [
    ("0", CellValue(0)),
    ("12", CellValue(12)),
    (" 12 ", CellValue(12)),
    ("0012", CellValue(12)),
    ("1.234.567", CellValue(1_234_567)),
    ("12,0", CellValue(12)),
    ("1000000000000", CellValue(GREATEST)),
    ("", BLANK),
    ("  ", BLANK),
    ("NA", NO_DATA),
    ("na", NO_DATA),
    ("Không có số liệu", NO_DATA),
]
PROBLEMS = [
    ("1.234", Problem.AMBIGUOUS, ("1234", "1,234")),
    ("1,234", Problem.AMBIGUOUS, ("1234", "1,234")),
    ("1,5", Problem.DECIMAL, ()),
    ("12.5", Problem.DECIMAL, ()),
    ("-1", Problem.NEGATIVE, ()),
    ("−3", Problem.NEGATIVE, ()),
    ("1000000000001", Problem.TOO_LARGE, ()),
    ("mười", Problem.NOT_A_NUMBER, ()),
    ("1e3", Problem.NOT_A_NUMBER, ()),
    ("12 34", Problem.NOT_A_NUMBER, ()),
    ("٣", Problem.NOT_A_NUMBER, ()),
]


@pytest.mark.parametrize(("text", "cell"), CELLS)
def test_a_readable_text_gives_its_cell(text, cell):
    reading = read(text)
    assert (reading.cell, reading.problem, problem_text(reading)) == (cell, None, "")


@pytest.mark.parametrize(("text", "problem", "choices"), PROBLEMS)
def test_an_unreadable_text_is_kept_with_its_problem_in_words(text, problem, choices):
    reading = read(text)
    assert (reading.text, reading.cell, reading.problem, reading.choices) == (text, None, problem, choices)
    assert text.strip() in problem_text(reading)


def test_zero_blank_and_no_data_are_three_states():
    assert len({CellValue(0), BLANK, NO_DATA}) == 3
    assert [state.is_blank for state in (CellValue(0), BLANK, NO_DATA)] == [False, True, False]


@pytest.mark.parametrize(
    ("state", "possible"),
    [
        (CellValue(0), True),
        (CellValue(-1), False),
        (CellValue(GREATEST + 1), False),
        (CellValue(1, no_data=True), False),
        (BLANK, True),
        (NO_DATA, True),
    ],
)
def test_impossible_states_are_told(state, possible):
    assert state.is_possible is possible


@given(st.text())
def test_reading_never_raises_and_gives_a_cell_or_a_problem(text):
    reading = read(text)
    assert (reading.cell is None) != (reading.problem is None)
    assert reading.text == text


@given(st.integers(0, GREATEST))
def test_a_printed_cell_reads_back(count):
    assert read(str(CellValue(count))).cell == CellValue(count)
