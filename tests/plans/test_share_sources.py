"""A figure estimated by a share names the source of the share."""

from types import SimpleNamespace

import pytest

from plans.presenters.places import Place, with_sources
from tests.factories import SuccessionFactory

pytestmark = pytest.mark.django_db


def place(area, exactness):
    figure = SimpleNamespace(exactness=exactness)
    return Place(area, area.name, "1", "", "", "ước lượng" if exactness == "estimate" else "", figure, False)


def test_an_estimate_names_the_source_of_its_share_and_an_exact_figure_does_not(
    django_assert_num_queries,
):
    divided = SuccessionFactory(share="0.6", share_source="Số sinh 2024")
    SuccessionFactory(predecessor=divided.predecessor, share="0.4", share_source="Số sinh 2024")
    whole = SuccessionFactory()
    with django_assert_num_queries(1):
        found = with_sources([place(divided.successor, "estimate"), place(whole.successor, "exact")])
    assert [one.note for one in found] == ["ước lượng (Số sinh 2024)", ""]


def test_nothing_is_asked_where_nothing_is_estimated(django_assert_num_queries):
    exact = place(SuccessionFactory().successor, "exact")
    with django_assert_num_queries(0):
        assert with_sources([exact]) == [exact]
