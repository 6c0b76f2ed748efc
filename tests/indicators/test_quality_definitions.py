"""The file of thresholds and relations: it loads, its cells stand on forms, mistakes are named; the modified z."""

import shutil

import pytest

from indicators import definitions
from indicators.definitions.quality import FOLDER, checks_of, load_quality
from indicators.definitions.shapes import DefinitionError
from indicators.robust import Middle, modified_z

CATALOGUE = definitions.load()


def test_every_cell_of_a_relation_stands_on_a_monthly_form_of_its_basis():
    on_form = {
        (form.basis, item.cell)
        for form in CATALOGUE.forms
        if form.periodicity == "month"
        for section in form.sections
        for item in section.items
    }
    for check in load_quality():
        assert all((check.basis, cell) in on_form for cell in check.cells), check.code
        assert check.source and check.name_en


def test_the_file_holds_a_rule_of_each_kind():
    day = CATALOGUE.forms[0].valid_from
    assert all(checks_of(kind, day) for kind in ("own_history", "peers", "pair", "over_time"))
    assert not checks_of("pair", day.replace(year=2020))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("limit: 3.5", "limit: 0", "limit phải lớn hơn 0"),
        ('left: "B8.4"', 'left: "B8.4 <"', "left"),
        ("low: 0.9", "low: 1.2", "low phải nhỏ hơn high"),
        ("kind: peers", "kind: peer", "không thuộc"),
        ("code: PEERS", "code: OWN_HISTORY", "mã viết hai lần"),
        ('  right: "B4.7"\n  basis', "  basis", "pair cần left và right"),
        ("months: 13", "months: 0", "từ 1 trở lên"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path, old, new, said):
    folder = tmp_path / "data"
    shutil.copytree(FOLDER, folder)
    file = folder / "quality.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError) as error:
        load_quality(folder)
    assert said in str(error.value)


def test_the_modified_z_by_hand():
    # Median 3, absolute deviations 2, 1, 0, 1, 97: their median is 1.
    assert modified_z([1, 2, 3, 4, 100], 100) == pytest.approx(0.6745 * 97)
    # More than half are equal, so the MAD is 0; the mean absolute deviation is 4/5.
    assert modified_z([5, 5, 5, 5, 9], 9) == pytest.approx(4 / (1.253314 * 0.8))
    assert modified_z([7, 7, 7], 7) == 0
    assert Middle.of([1, 2]).median == 1.5
