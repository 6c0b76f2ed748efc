"""What is typed is in the browser's database at once, byte for byte, and is counted once however often it is sent."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time

import pytest

from indicators.models import DataValue, DataValueChange, Operation, Submission
from tests.entry.browser import type_cells
from tests.entry.conftest import CHROMIUM, field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TRIALS = int(os.environ.get("TRIALS", "3"))
LIMIT = 0.25  # s: what was typed longer ago than this outlives the browser
PUT = """([texts, fields]) => texts.forEach((text, n) => { const f = document.getElementById(fields[n]);
    f.value = text; f.dispatchEvent(new InputEvent('input', {bubbles: true})); })"""
READ = "(fields) => fields.map((one) => { const t = document.getElementById(one).value; return Array.from({length: t.length}, (_, n) => t.charCodeAt(n)); })"
KEPT = "async ([user, key]) => (await import('/static/entry/store.js')).load(user, key)"

ODD = [
    *(f"1{chr(n)}2x" for n in range(1, 32) if n not in (10, 13)),
    *(f"{chr(n)}x" for n in (0x7F, 0x85, 0xA0, 0xAD, 0xFEFF, 0xFFFD, 0xFFFE, 0xFFFF)),
    *(f"a{chr(n)}b" for n in range(0x2000, 0x2010)),
    *(f"12{chr(n)}34" for n in (*range(0x202A, 0x202F), *range(0x2060, 0x206A))),
    *("😀", "👩‍👩‍👧", "🇻🇳", "👍🏽", "1️⃣", "𝟙𝟚", "\U0010ffff", "٣٤x", "१२x", "１２x", "Ⅳ", "½", "²"),
    *(
        "hai mươi",
        "Tiê\u0301ng Vie\u0323\u0302t",
        "Tiếng Việt",
        "kho\u0302ng",
        "không",
        "đ",
        "Đ\u0300",
        "ở\u0323",
    ),
    *(
        '"',
        "'",
        "“x”",
        "`",
        "\\",
        "\\u0000",
        "</script>",
        "<b>1</b>",
        "&amp;",
        "&#49;",
        "{{ 7 }}",
        "{% x %}",
        "'; --",
        "${1}",
        "=1+1",
        "@x",
    ),
    *(
        " x",
        "x ",
        "  x  x  ",
        "\tx",
        "x\t",
        "1 2x",
        "--",
        "-",
        "+",
        ".",
        ",",
        "1..2",
        "1,,2",
        "1.2.3",
        "1e5",
        "0x10",
        "1/2",
        "12a",
        "a12",
    ),
    *(
        "Infinity",
        "NaN",
        "null",
        "undefined",
        "true",
        "[]",
        "n/a?",
        "N A x",
        "không có",
        "#N/A",
        "#REF!",
        "12%",
        "12 trẻ",
        "1-2",
        "~5",
        ">5",
        "≈5",
    ),
    *("x" * n for n in (255, 256, 499, 500, 501, 1000, 5000, 20000)),
    *("é" * 500 + "x", "😀" * 300, "x" + "\u0301" * 100, "1" * 400 + "x"),
    *("\ud800", "\udc00x", "a\ud83d", "\ude00\ud83d", "x\udfffy"),
    *(f"{n}.{n:03d}.x{chr(0x300 + n)}" for n in range(1, 60)),
]
INVALID = list(dict.fromkeys(ODD))[:200]


def units(text: str) -> list[int]:
    raw = text.encode("utf-16-le", "surrogatepass")
    return [raw[n] | raw[n + 1] << 8 for n in range(0, len(raw), 2)]


def settle(page, words="Máy chủ đã nhận"):
    page.wait_for_function(
        "(words) => { const t = document.getElementById('saved').textContent; return t.startsWith(words) && !t.includes('chưa được nhận'); }",
        arg=words,
        timeout=20000,
    )


def test_two_hundred_unreadable_texts_come_back_byte_for_byte(open_form, station):
    assert len(INVALID) == 200
    page = open_form(service_workers="block")
    wrong = []
    for start in range(0, 200, 40):
        some = INVALID[start : start + 40]
        fields = [field(n) for n in range(1, len(some) + 1)]
        # As script to script, so that halves of pairs arrive as they are.
        given = [units(text) for text in some]
        page.evaluate(
            f"([codes, fields]) => ({PUT})([codes.map((c) => String.fromCharCode(...c)), fields])",
            [given, fields],
        )
        before = page.evaluate(READ, fields)
        assert before == given
        settle(page)
        page.reload()
        page.wait_for_function("() => document.getElementById('saved').textContent !== ''")
        after = page.evaluate(READ, fields)
        wrong += [text for text, was, now in zip(some, given, after, strict=True) if was != now]
    print(f"texts restored: {200 - len(wrong)} of 200")
    assert wrong == []


def test_received_is_said_only_when_the_server_has_answered(open_form, station):
    page = open_form(service_workers="block")
    page.wait_for_function("() => document.querySelector('.foot + .tools')")
    page.context.set_offline(True)
    type_cells(page, "5")
    page.wait_for_function("() => document.getElementById('saved').textContent.includes('Không có mạng')")
    said = page.inner_text("#saved")
    assert "Đã lưu trên máy" in said and "1 ô chưa được nhận" in said and "Máy chủ đã nhận" not in said
    assert DataValue.objects.count() == 0
    page.context.set_offline(False)
    settle(page)
    assert DataValue.objects.get().value == 5


def test_an_answer_lost_on_the_way_is_asked_for_again_and_counts_once(open_form, station, monkeypatch):
    page = open_form(service_workers="block", allowed="ERR_FAILED")
    lost = []

    def lose(route):
        if lost:
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/sync/", lose)
    page.evaluate(PUT, [[str(n) for n in range(1, 41)], [field(n) for n in range(1, 41)]])
    page.evaluate("() => { const b = document.querySelector('.foot [value=submit]'); b.click(); }")
    if page.query_selector("dialog.ask"):
        page.keyboard.press("Enter")
    page.wait_for_url("**/submissions/", timeout=20000)
    assert lost == [200]
    assert Submission.objects.get().status == "submitted"
    assert DataValue.objects.count() == 40 and DataValueChange.objects.count() == 40


def launch(playwright, folder, station, url):
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(station.clerk, backend="django.contrib.auth.backends.ModelBackend")
    context = playwright.launch_persistent_context(
        str(folder), executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], service_workers="block"
    )
    context.add_cookies(
        [
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": url,
            }
        ]
    )
    return context


def kill(folder) -> None:
    """SIGKILL for every process of the browser that uses this folder of ours."""
    listed = subprocess.run(["ps", "-eo", "pid,args"], capture_output=True, text=True, check=True).stdout
    for line in listed.splitlines():
        pid, _, args = line.strip().partition(" ")
        if f"--user-data-dir={folder}" in args:
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                pass


@pytest.mark.timeout(0)  # 300 trials take a quarter of an hour
def test_a_browser_killed_while_typing_loses_nothing_older_than_the_limit(
    chromium_driver, live_server, station, tmp_path
):
    rng, lost, folder = random.Random(11), [], tmp_path / "profile"
    fields = [field(n) for n in range(1, 41)]
    for trial in range(TRIALS):
        context = launch(chromium_driver, folder, station, live_server.url)
        page = context.new_page()
        page.route("**/sync/", lambda route: route.abort())
        page.goto(live_server.url + station.url)
        page.wait_for_function("() => document.querySelector('.foot + .tools')", timeout=30000)
        if trial:
            lost += compared(page, fields, typed, ended)  # noqa: F821  the trial before this one
        # One key at a time; when each was heard is taken in the page's own event, by the system's clock.
        page.evaluate(
            "() => { window.heard = []; document.addEventListener('input', (e) => heard.push([e.target.id, e.target.value, Date.now()])); }"
        )
        typed, until = [], time.monotonic() + rng.uniform(0.3, 2.5)
        n = 0
        while time.monotonic() < until:
            n += 1
            name = fields[n % 40]
            text = str(rng.randrange(10**6)) + rng.choice(["", "", "x"])
            page.focus(f"#{name}")
            page.keyboard.press("Control+A")
            page.keyboard.insert_text(text)
            typed.append((name, text, time.time()))
        ended = time.time()
        kill(folder)
        try:
            context.close()
        except Exception:  # noqa: BLE001  the browser is gone, which is the point
            pass
        for name in ("SingletonLock", "SingletonSocket", "SingletonCookie"):
            (folder / name).unlink(missing_ok=True)
    context = launch(chromium_driver, folder, station, live_server.url)
    page = context.new_page()
    page.route("**/sync/", lambda route: route.abort())
    page.goto(live_server.url + station.url)
    page.wait_for_function("() => document.querySelector('.foot + .tools')", timeout=30000)
    lost += compared(page, fields, typed, ended)
    context.close()
    shutil.rmtree(folder, ignore_errors=True)
    print(f"trials: {TRIALS}, texts older than {LIMIT * 1000:.0f} ms lost: {len(lost)}")
    assert lost == []


def compared(page, fields, typed, ended) -> list:
    """Cells whose field holds an older text than the last one typed longer than the limit before the end."""
    wrong = []
    for name in fields:
        texts = [(text, at) for field_name, text, at in typed if field_name == name]
        must = [n for n, (_text, at) in enumerate(texts) if ended - at > LIMIT]
        if must and page.input_value(f"#{name}") not in [text for text, _at in texts[must[-1] :]]:
            wrong.append((name, texts, page.input_value(f"#{name}")))
    return wrong


def test_the_operations_are_few(open_form, station):
    page = open_form(service_workers="block")
    type_cells(page, *(str(n) for n in range(1, 21)))
    settle(page)
    assert DataValue.objects.count() == 20 and DataValueChange.objects.count() == 20
    assert Operation.objects.count() <= 20
