"""What people and programs should not send: addresses, queries and forms that make no sense, broken files.

Never an error of the server; what is refused has changed nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from urllib.parse import quote

import pytest
from django.apps import apps
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.urls import reverse

from reporting.models import Snapshot
from tests.config.access_site import make_site, routes
from tests.config.form_fields import fields_of
from tests.config.test_access_matrix import BODIES, EXPECTED

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:No directory at"),
]
OWN = ("facilities", "indicators", "plans", "reporting")
HUGE = "9" * 40
NASTY = (
    "", " ", "0", "-1", "1e9", "NaN", "0.5", HUGE, "٢٠٢٥", "2025-13", "0000-00", "9999-12", "2200", "2200-12", "1900-01", "2025-02-30", "2025-8",
    "\x00", "'; DROP TABLE plans_plan; --", "<script>alert(1)</script>", "%s%n{0}", "../../etc/passwd", "ệ" * 300,
    "\u202e\ud7ff", "M@2025-07-01", "M@9999-99-99", "@", "[", "null", "T-o1",
)  # fmt: skip
# SQLite stores nearly anything: with it every third will do, in turn by where it is asked.
THIRDS = 1 if connection.vendor == "postgresql" else 3
# The worst of them, for every field and part alone.
WORST = ("", "-1", HUGE, "2025-13", "\x00", "ệ" * 300)
# Longer than Python reads as a number; with what makes each a number to some view.
ENDLESS = "9" * 5000
NASTY_NUMBERS = ("0", "1999", "9999", "2147483648", HUGE)
QUERIES = {
    "submissions:due": ("period", "page"),
    "submissions:review": ("status", "period", "form", "q", "page", "check"),
    "submissions:approved": ("at",),
    "submissions:history": ("cell", "page"),
    "submissions:matrix": ("period", "year", "form", "area", "state", "q", "format", "page"),
    "quality:list": ("period", "page", "place", "form"),
    "quality:rules": ("period", "page", "place", "form"),
    "quality:outliers": ("period", "page", "place", "form"),
    "quality:consistency": ("period", "page", "place", "form"),
    "plans:list": ("page",),
    "plans:scorecard": ("year", "as_of", "boundaries", "format"),
    "plans:line": ("year", "as_of", "boundaries", "format", "table", "sort", "view", "measure", "chart"),
    "plans:place": ("year", "as_of"),
    "plans:stations": ("year", "as_of", "boundaries"),
    "plans:stamp": ("year", "as_of", "boundaries"),
    "plans:origin": ("year", "as_of", "boundaries", "place", "part", "of", "month"),
    "reports:numbers": ("line",),
    "reports:compare": ("from", "to", "format"),
    "plans:allocation": ("year", "version", "format"),
    "plans:allocate": ("method", "level", "adds_up", "format"),
    "reports:list": ("page", "kind", "year", "subject"),
    "reports:prepare": ("plan", "year", "period", "kind"),
    "reports:archive": ("q", "year", "agency", "page", "check", "format"),
    "reports:sending": ("snapshot", "again"),
    "log:list": ("from", "to", "person", "kind", "deed", "place", "before", "after", "format"),
    "places:tree": ("q", "day", "page"),
    "places:area": ("day",),
    "accounts:sign-in": ("next",),
    "api:plans": ("area", "year", "page", "page_size"),
    "api:plan-assessments": ("year", "as_of", "boundaries"),
    "api:results": ("from", "to", "area", "level", "group", "indicator", "boundaries"),
    "api:submissions": ("period", "form", "status", "facility"),
    "api:areas": ("level", "code", "valid_on", "q", "page"),
    "api:facilities": ("area", "type", "page"),
}
WRITES = sorted(name for method, name in EXPECTED if method == "POST" and not name.startswith("api:"))
API_WRITES = sorted(
    (method, name) for method, name in EXPECTED if method in {"POST", "PUT"} and name.startswith("api:")
)
BROKEN_JSON = (
    "", "{", "null", "[]", "1", '"a"', '{"version": "x"}', '{"version": -1, "cells": {}}', f'{{"version": {HUGE}}}',
    '{"version": 0, "cells": [null]}', '{"version": 0, "cells": [{"element": "X.all"}]}',
    '{"version": 0, "cells": [{"element": "X.all", "group": [], "value": 1e400, "no_data": 3}]}',
    '{"version": 0, "cells": [{"element": "X.all", "group": null, "value": -5, "no_data": false}]}',
    f'{{"version": 0, "cells": [{{"element": "X.all", "group": null, "value": {HUGE}, "no_data": false}}]}}',
    '{"version": 0, "cells": [{"element": "\\u0000", "group": "\\ud800", "value": 1, "no_data": false}]}',
    '{"\\ud800": 1}', '{"reason": "\\u0000"}', '{"reason": "\\ud800"}', '{"reason": ""}', '{"username": "\\u0000", "password": "a"}', "\xff\xfe",
)  # fmt: skip


class Watch:
    """Asks as one person; keeps what failed: errors of the server, and refusals that changed something."""

    def __init__(self, site, who: str = "administrator") -> None:
        self.site, self.who, self.failures = site, who, []
        self.keeps_the_rest = False

    def ask(self, method: str, url: str, *args, **options) -> None:
        client = self.site.client(self.who, raise_request_exception=False)
        cache.clear()  # throttles
        with transaction.atomic():
            with Written() as written:
                answer = getattr(client, method)(url, *args, **options)
            what = f"{method} {url} {args}"[:300]
            if answer.status_code >= 500:
                self.failures.append(
                    f"{what}: {answer.status_code} {answer.exc_info and answer.exc_info[1]!r}"
                )
            elif answer.status_code >= 400 and not self.keeps_the_rest and written.is_changed():
                self.failures.append(f"{what}: {answer.status_code}, yet something was stored")
            transaction.set_rollback(True)

    def check(self) -> None:
        assert not self.failures, "\n".join([str(len(self.failures)), *self.failures[:25]])


class Written:
    """Whether the portal's own tables differ; they are only compared where a statement wrote to one."""

    def __enter__(self):
        self.statements = []
        self._wrapper = connection.execute_wrapper(self._note)
        self._wrapper.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self._wrapper.__exit__(*error)

    def _note(self, execute, sql, params, many, context):
        # SQLite stores a NUL, PostgreSQL's driver raises this.
        if any(isinstance(one, str) and "\x00" in one for one in params or ()):
            raise ValueError("A string literal cannot contain NUL (0x00) characters.")
        verb, table = sql.split(None, 1)[0].upper(), sql.replace('"', "")
        if verb in {"INSERT", "UPDATE", "DELETE"} and any(f" {app}_" in table for app in OWN):
            self.statements.append(sql)
        return execute(sql, params, many, context)

    def is_changed(self) -> bool:
        return bool(self.statements) and fingerprint() != WHOLE["before"]


WHOLE: dict[str, object] = {}


def fingerprint() -> list[object]:
    """Every row of the portal's tables, but for when people last signed in."""
    return [
        sorted(map(repr, model.objects.defer("last_login").values_list()))
        if model._meta.model_name != "user"
        else sorted(model.objects.values_list("pk", "username", "password"))
        for model in apps.get_models()
        if model._meta.app_label in OWN
    ]


@pytest.fixture
def site():
    site = make_site()
    for who in ("administrator", "clerk", "planner"):
        site.client(who)
    WHOLE["before"] = fingerprint()
    return site


def some(asked: Iterable) -> list:
    """All of them, or a third where the database refuses little: of each parameter's texts another one."""
    return [one for n, one in enumerate(asked) if n % THIRDS == n // len(NASTY) % THIRDS]


def test_no_address_breaks_the_server(site):
    watch = Watch(site)
    for (method, name), _row in EXPECTED.items():
        for url in bent_addresses(site, name):
            if method == "GET" or name.startswith("api:"):
                watch.ask(method.lower(), url)
            else:
                watch.ask("post", url, BODIES.get(name, {"sure": "1"}))
    watch.check()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_no_query_breaks_the_server(site, name):
    watch = Watch(site, "" if name == "accounts:sign-in" else "administrator")
    url = site.address(name, routes()[name])
    known = {"from": "2025-08", "to": "2025-08"} if name == "api:results" else {}
    for parameter, text in some(product(QUERIES[name], NASTY)):
        watch.ask("get", url, known | {parameter: text})
    watch.ask("get", url, {"unheard-of": "1"})
    watch.check()


@pytest.mark.parametrize("name", WRITES)
def test_no_form_breaks_the_server(site, name):
    url = site.address(name, routes()[name])
    page = site.client("administrator").get(url)
    names, values = fields_of(page.text) if page.status_code == 200 else (set(BODIES.get(name, {})), {})
    names |= {"submission", "reason", "action", "next"} if name.startswith("submissions:") else set()
    names |= {"sure"} if "delete" in name else set()
    names |= {"choice", "kind", "operator", "value", "upper"} if name == "plans:edit-target" else set()
    watch = Watch(site)
    # A sheet with an unreadable cell is answered 422 and keeps the others, sharing out keeps a draft: nothing typed is lost.
    watch.keeps_the_rest = name in {"submissions:form", "plans:allocate"}
    watch.ask("post", url, {})
    for text in some(NASTY):
        watch.ask("post", url, dict.fromkeys(names, text))
    for field, text in some(product(sorted(names), WORST)):
        watch.ask("post", url, values | {field: text})
    watch.ask("post", url, dict.fromkeys(names, ENDLESS))
    for field, text in some(product(sorted(names), (ENDLESS, f"fill-{ENDLESS}", f"fill-{HUGE}", "a\x00b"))):
        watch.ask("post", url, values | {field: text})
    watch.check()


@pytest.mark.parametrize(("method", "name"), API_WRITES)
def test_no_body_breaks_the_api(site, method, name):
    watch = Watch(site)
    url = site.address(name, routes()[name])
    for body in BROKEN_JSON:
        watch.ask(method.lower(), url, body.encode("latin-1"), content_type="application/json")
    watch.ask(method.lower(), url, b"a=b", content_type="application/x-www-form-urlencoded")
    watch.check()


def bent_addresses(site, name: str):
    """The address with each of its parts in turn replaced by what can not be one."""
    route = routes()[name]
    known = site.parts(name, route)
    for key, converter in route.pattern.converters.items():
        is_number = type(converter).__name__ == "IntConverter"
        marker = "987654321" if is_number else "marker"
        url = reverse(name, kwargs=known | {key: int(marker) if is_number else marker})
        for text in NASTY_NUMBERS if is_number else WORST + ("T-o1", "M@9999-99-99", "%s", "\ud7ff"):
            yield url.replace(marker, quote(text, safe=""))


# --- commands ---------------------------------------------------------------------------------------
BROKEN_PLANS = {
    "nothing": b"",
    "no YAML": b"slug: [",
    "a list": b"- 1\n- 2\n",
    "a number": b"5",
    "not UTF-8": b"\xff\xfe\x00slug",
    "nothing asked for": b"slug: thu\n",
    "unknown keys": "slug: thu\nbánh: mì\n".encode(),
    "an object of Python": b"!!python/object/apply:os.system ['true']",
    "a year that is none": b"slug: thu\nstart_year: abc\nend_year: {}\n",
    "an alias bomb": b"a: &a [1,1,1,1]\nb: &b [*a,*a,*a,*a]\nc: [*b,*b,*b,*b]\n",
}
BROKEN_FIGURES = {
    "nothing": b"",
    "another header": b"a,b,c\n1,2,3\n",
    "a column short": b"facility,form,period,element,group\nT-a1,X,2025-09,X.all,\n",
    "not UTF-8": "facility,form,period,element,group,value\nTrạm,X,2025-09,X.all,,1\n".encode("utf-16"),
    "zero bytes": b"\x00\x00\x00",
}
BROKEN_ENTERED = {
    "nothing": b"",
    "another header": b"a,b\n1,2\n",
    "not UTF-8": b"\xff\xfe\xff",
}
BROKEN_HISTORY = {
    "nothing": b"",
    "another header": b"area,year\n24,2019\n",
    "not UTF-8": b"\xff\xfe\xff",
}
CASES = [
    *[("load_plan", body, (), why) for why, body in BROKEN_PLANS.items()],
    *[("import_figures", body, ("--commit", "--approve"), why) for why, body in BROKEN_FIGURES.items()],
    *[("import_entered", body, ("--commit",), why) for why, body in BROKEN_ENTERED.items()],
    *[("import_history", body, ("--commit",), why) for why, body in BROKEN_HISTORY.items()],
    *[("import_allocations", body, ("--commit",), why) for why, body in BROKEN_ENTERED.items()],
]
WRONG_CALLS = [
    ("load_plan", "khong-co.yaml"),
    ("import_figures", "khong-co.csv", "--commit"),
    ("import_entered", "khong-co.csv", "--commit"),
    ("import_history", "khong-co.csv", "--commit"),
    ("import_allocations", "khong-co.csv", "--commit"),
    ("export_plan", "khong-co"),
    ("assess_plan", "khong-co", "--year", "2025"),
    ("assess_plan", "thu", "--year", "1999"),
    ("assess_plan", "thu", "--year", "2025", "--as-of", "2025-13"),
    ("assess_plan", "thu", "--year", "2025", "--as-of", "2024-01"),
    ("prepare_report", "khong-co", "--year", "2025"),
    ("prepare_report", "thu", "--year", "1999"),
    ("prepare_report", "thu", "--year", "2025", "--period", "2025-13"),
    ("prepare_report", "thu", "--year", "2025", "--period", "quý"),
    ("prepare_report", "--year", "2025"),
    ("prepare_report", "thu", "--year", "2025", "--kind", "review"),
    ("prepare_report", "thu", "--year", "2025", "--kind", "review", "--from-year", "2025"),
    ("prepare_report", "thu", "--year", "2025", "--boundaries", "today"),
    ("prepare_report", "--kind", "combined", "--agency", "Sở không có", "--year", "2025"),
    ("render_report", "999999", "--format", "pdf", "--output", "{folder}/a.pdf"),
    ("render_report", "{snapshot}", "--format", "xlsx", "--output", "{folder}/khong/co/a.xlsx"),
    ("export_results", "--from", "2025-13", "--to", "2025-12"),
    ("export_results", "--from", "2025-12", "--to", "2025-01"),
    ("export_results", "--from", "2025-01", "--to", "2025-02", "--indicator", "KHONG"),
    ("export_results", "--from", "2025-01", "--to", "2025-02", "--area", "KHONG"),
    ("export_results", "--from", "2025-01", "--to", "2025-02", "--boundaries", "hôm qua"),
    ("recompute", "--from", "2025-99"),
    ("generate_figures", "--from", "2025-99", "--to", "2025-12"),
    ("generate_figures", "--from", "2025-12", "--to", "2025-01"),
    ("load_places", "--province", "khong-co"),
]


@pytest.mark.parametrize(("command", "body", "options", "why"), CASES, ids=lambda value: str(value)[:24])
def test_a_broken_file_ends_in_one_line_and_changes_nothing(site, tmp_path, command, body, options, why):
    file = tmp_path / "tệp"
    file.write_bytes(body)
    refused(command, str(file), *options)


@pytest.mark.parametrize("call", WRONG_CALLS, ids=" ".join)
def test_a_wrong_call_ends_in_one_line_and_changes_nothing(site, tmp_path, call):
    snapshot = str(Snapshot.objects.get().pk)
    refused(*[part.format(folder=tmp_path, snapshot=snapshot) for part in call])


def refused(command: str, *arguments: str) -> None:
    with pytest.raises(CommandError) as caught, transaction.atomic():
        call_command(command, *arguments)
    assert caught.value.returncode == 1
    assert str(caught.value).strip() and "\n" not in str(caught.value)
    assert "Traceback" not in str(caught.value)
    assert fingerprint() == WHOLE["before"]
