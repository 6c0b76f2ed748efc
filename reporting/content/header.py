"""The head and foot of the document: who writes to whom, under which number (decree 30/2020/NĐ-CP)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from facilities.models import Agency, Area
from plans.models import Plan
from reporting.content.decree import ENDS, with_filing
from reporting.content.periods import ReportPeriod, day_words, month_number

COMMITTEE = "Ủy ban nhân dân"
BLANK_NUMBER = "......"
# What the officer may set of the document, by key: texts, lists of texts, `date` in ISO 8601, `authority` of these.
DOCUMENT = (
    "superior",
    "issuer",
    "number",
    "place",
    "date",
    "subject",
    "addressees",
    "bases",
    "authority",
    "authority_of",
    "office",
    "signer",
    "recipients",
)
COLLECTIVE, FOR_HEAD, ACTING = "TM.", "KT.", "Q."
AUTHORITIES = (COLLECTIVE, FOR_HEAD, "TL.", ACTING, "TUQ.")
BLANK = "................"
PLAN = "Kế hoạch"
# A plan may be issued under a decision or resolution, whose number it then carries.
ISSUED_UNDER = {"QĐ": "Quyết định", "NQ": "Nghị quyết", "CT": "Chỉ thị"}
LEVEL_WORDS = ("Tỉnh ", "Thành phố ", "Thị xã ", "Huyện ", "Quận ", "Xã ", "Phường ", "Đặc khu ")
# How a legal basis may begin; any other is cited.
BASES = ("căn cứ", "thực hiện")
# Units named after a person, an event or a number keep their common noun (decree 30/2020, appendix I).
KEEP_COMMON_NOUN = ("Thành phố Hồ Chí Minh", "Phường Điện Biên Phủ")


def header(agency: Agency, subject: str) -> dict[str, Any]:
    """The printed head. The number stays open until the document is issued."""
    superior, issuer = _bodies(agency)
    return {
        "superior": superior.upper(),
        "issuer": [line.upper() for line in issuer],
        "number": f"Số:         /BC-{agency.short_name or BLANK_NUMBER}",
        "subject": subject,
        "addressees": [addressee(agency)],
    }


def set_document(content: dict[str, Any], document: Mapping[str, Any]) -> dict[str, Any]:
    """The content with the head and foot the officer set; a key left empty keeps what the portal proposes.

    Recipients end with where the document is filed, also where the officer left that out.
    """
    given = {key: document[key] for key in DOCUMENT if document.get(key)}
    head, foot = dict(content["header"]), dict(content["footer"])
    head |= {key: given[key] for key in ("subject", "addressees") if key in given}
    head |= {"superior": given["superior"].upper()} if "superior" in given else {}
    head |= {"issuer": [line.upper() for line in given["issuer"]]} if "issuer" in given else {}
    head |= {"number": f"Số: {given['number']}"} if "number" in given else {}
    foot |= {"office": _office(given, foot["office"])}
    foot |= {"signer": given["signer"]} if "signer" in given else {}
    if "recipients" in given:
        foot["recipients"] = with_filing(given["recipients"], foot["recipients"])
    bases = {"legal_bases": legal_bases(given["bases"])} if "bases" in given else {}
    return {**content, **bases, "header": head, "footer": foot}


def _office(given: Mapping[str, Any], proposed: list[str]) -> list[str]:
    """["KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"]: on whose behalf, and the signer's own office.

    Who signs for a committee's head, or acts as its head, still signs on behalf of the committee. Who acts as head
    has no other office: "Q. GIÁM ĐỐC" (decree 30/2020/NĐ-CP, appendix I).
    """
    own = [given["office"].upper()] if "office" in given else proposed[-1:]
    if "authority" not in given:
        return [*proposed[:-1], *own]
    authority = given["authority"]
    of = given["authority_of"].upper() if "authority_of" in given else "".join(proposed[-1:])
    if authority == ACTING and ("office" not in given or own == [of]):
        own = []
    whole = [
        line for line in proposed[:-1] if line.startswith(COLLECTIVE) and authority in (FOR_HEAD, ACTING)
    ]
    return [*whole, f"{authority} {of}", *own]


def legal_bases(texts: list[str]) -> list[str]:
    """One "Căn cứ …" a line, `;` after each and a last `.`."""
    known = [bare for text in texts if (bare := text.strip().rstrip(ENDS))]
    lines = [
        text[0].upper() + text[1:] if text.casefold().startswith(BASES) else f"Căn cứ {text}"
        for text in known
    ]
    return [f"{line}{'.' if place == len(lines) else ';'}" for place, line in enumerate(lines, start=1)]


def dateline(agency: Agency, today: date, document: Mapping[str, Any] | None = None) -> str:
    """Place and date of issue; day and month stay open until the officer sets the date."""
    given = document or {}
    place = given.get("place") or place_name(agency.area)
    if not given.get("date"):
        return f"{place}, ngày       tháng       năm {today.year}"
    day = date.fromisoformat(given["date"])
    return f"{place}, ngày {day.day:02d} tháng {month_number(day.month)} năm {day.year}"


def footer(agency: Agency) -> dict[str, Any]:
    """Nơi nhận and the signer's office; the name stays open."""
    office = ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"] if is_committee(agency) else ["GIÁM ĐỐC"]
    return {
        "recipients": ["Như trên;", f"{BLANK};", f"Lưu: VT, {BLANK_NUMBER}"],
        "office": office,
        "signer": "",
    }


def is_committee(agency: Agency) -> bool:
    return agency.name.startswith(("UBND", COMMITTEE))


def _bodies(agency: Agency) -> tuple[str, list[str]]:
    """The superior body, and the issuing body in one or two lines without its superior's place."""
    if is_committee(agency):
        place = agency.name.removeprefix("UBND").removeprefix(COMMITTEE).strip()
        return "", [COMMITTEE, place]
    return agency.superior, [agency_name(agency)]


def agency_name(agency: Agency) -> str:
    """The agency as its own document calls it: the superior's heading has already named the place."""
    place = f" {agency.area.name[0].lower()}{agency.area.name[1:]}"
    return agency.name.removesuffix(place) if agency.superior else agency.name


def addressee(agency: Agency) -> str:
    """A department reports to its committee, a province's committee to the ministry."""
    if agency.superior:
        return agency.superior
    return "Bộ Y tế" if agency.area.level == Area.Level.PROVINCE else BLANK


def place_name(area: Area) -> str:
    """The place of issue, without its common noun unless it is named after a person, event or number."""
    if area.name in KEEP_COMMON_NOUN:
        return area.name
    for word in LEVEL_WORDS:
        if area.name.startswith(word):
            bare = area.name.removeprefix(word)
            return area.name if bare[:1].isdigit() else bare
    return area.name


def document_name(plan: Plan) -> str:
    """The plan with its number: "Kế hoạch số 683/KH-SYT", "Kế hoạch ban hành kèm theo Quyết định số …"."""
    if not plan.number:
        return PLAN
    symbol = plan.number.partition("/")[2]
    under = next((name for code, name in ISSUED_UNDER.items() if symbol.startswith(code)), "")
    number = plan.number if not plan.number.startswith("/") else f"{BLANK_NUMBER}{plan.number}"
    return f"{PLAN} ban hành kèm theo {under} số {number}" if under else f"{PLAN} số {number}"


def lowered(title: str) -> str:
    """A title within a sentence: "công tác dân số", but "SDD" and "DS-KHHGĐ" as they are."""
    return title if title[1:2].isupper() else f"{title[:1].lower()}{title[1:]}"


def full_reference(plan: Plan) -> str:
    """ "Kế hoạch số 683/KH-SYT ngày 05/02/2026 của Sở Y tế tỉnh Bắc Ninh về thực hiện …"."""
    dated = f" ngày {day_words(plan.issued_on)}" if plan.issued_on else ""
    return f"{document_name(plan)}{dated} của {plan.issuer.name} về {lowered(plan.title)}"


def plan_name(plan: Plan) -> str:
    """The plan's short title, as a plan's: "Kế hoạch công tác dân số tỉnh Bắc Ninh năm 2025"."""
    name = plan.short_title
    return name if name.startswith(PLAN) else f"{PLAN} {lowered(name)}"


def subject(plan: Plan, period: ReportPeriod) -> str:
    name = plan_name(plan)
    if period.code == "year" and name.endswith(period.title):
        return f"Kết quả thực hiện {name}"
    return f"Kết quả {period.title} thực hiện {name}"
