"""The last sheet: where the numbers come from, so that a printed or mailed sheet can be traced."""

from __future__ import annotations

from typing import Any

from reporting.content.canonical import sha256_of
from reporting.renderers.xlsx.book import Book
from reporting.renderers.xlsx.names import SOURCE
from reporting.renderers.xlsx.styles import TEXT, TITLE, TOTAL

WIDTHS = (30, 100)
PLACES = "Danh mục đơn vị hành chính theo bộ dữ liệu mở vietnamadminunits 1.0.4 (giấy phép MIT)."


def source_sheet(book: Book, snapshot: dict[str, Any]) -> None:
    content = snapshot["content"]
    plan = content.get("plan")
    rows = [
        *([("Kế hoạch", plan_words(plan))] if plan else []),
        ("Cơ quan báo cáo", content["agency"]["name"]),
        ("Kỳ báo cáo", content["period"]["title"]),
        ("Số liệu tính đến hết tháng", content["period"]["as_of_text"]),
        ("Ranh giới", f"{content['boundaries']['area']}: {content['boundaries']['text']}"),
        ("Bản chốt lần", str(snapshot["revision"])),
        ("Chốt lúc", snapshot["frozen_at"]),
        ("Kết quả tính lúc", snapshot["computed_at"] or "–"),
        ("SHA-256 của bản chốt", sha256_of(snapshot)),
        ("Nguồn địa giới", PLACES),
    ]
    page = book.page(SOURCE, WIDTHS, frozen="A2")
    page.say("NGUỒN SỐ LIỆU", TITLE)
    for label, text in rows:
        page.append([page.text(label, TOTAL), page.text(text, TEXT)])


def plan_words(plan: dict[str, Any]) -> str:
    """Number and title; a symbol without a number keeps dots for it, as in the document."""
    number = f"......{plan['number']}" if plan["number"].startswith("/") else plan["number"]
    return f"{number} – {plan['title']}" if number else plan["title"]
