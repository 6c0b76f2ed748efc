"""Places on any day, what became of them, and a search that needs no accents."""

import pytest

from tests.plans.pages import signed_in
from tests.world import make_cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world):
    return signed_in(make_cast(world).clerk)


def text_of(response):
    return response.content.decode()


def test_the_tree_shows_the_provinces_of_the_day(client):
    before, after = (text_of(client.get(f"/places/?day={day}")) for day in ("2025-06-30", "2025-07-01"))
    assert "Tỉnh A" in before and "Tỉnh M" not in before
    assert "Tỉnh M" in after and "Tỉnh A" not in after


def test_a_day_that_is_no_day_is_told(client):
    assert "Không đọc được ngày" in text_of(client.get("/places/?day=hôm-qua"))


def test_an_area_names_what_it_was_made_of_and_its_facilities(world, client):
    page = text_of(client.get(f"/places/{world.areas['x'].key}/"))
    assert "Hình thành từ" in page and "Xã a1" in page and "Xã a2" in page
    assert "Trạm Y tế x" in page and "Điểm trạm a1" in page


def test_an_abolished_area_names_its_successor_and_what_stood_there(world, client):
    page = text_of(client.get(f"/places/{world.areas['a1'].key}/"))
    assert "đơn vị cũ" in page and "Đơn vị kế tục" in page and "Phường x" in page
    assert "T-a1" in page and "S-x" not in page


@pytest.mark.parametrize("words", ["Phường x", "phuong x", "P. X", "p.x"])
def test_the_search_needs_no_accents_and_knows_abbreviations(world, client, words):
    assert world.areas["x"].key in text_of(client.get("/places/", {"q": words}))


def test_a_search_without_result_says_so(client):
    assert "Không có địa bàn nào" in text_of(client.get("/places/?q=khong+co+dau"))


def test_an_unknown_place_is_not_found_and_pages_are_for_reading(client):
    assert client.get("/places/khong-co/").status_code == 404
    assert client.post("/places/").status_code == 405


def test_places_ask_for_sign_in(world, client):
    client.logout()
    assert client.get("/places/").status_code == 302
