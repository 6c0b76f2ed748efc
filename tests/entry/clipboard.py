"""Pastes samples of a clipboard into the real form page and says what became of each row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from indicators.values import NO_DATA, CellValue, read

SAMPLES = Path(__file__).resolve().parent / "data" / "clipboard.yaml"
FIRST = "3a"
ASKED = {"no": 0, "yes": 1, "column": 2, "way": 2}  # how much is asked before anything lands

# `fields`: {column: id of its text field}. Everything goes through events, as from a keyboard.
SCRIPT = """
({fields, text, html, before, at}) => {
  const put = (field, text) => {
    if (field.value !== text) { field.value = text; field.dispatchEvent(new Event("input", {bubbles: true})); }
  };
  for (const [column, id] of Object.entries(fields)) {
    const field = document.getElementById(id);
    const tick = field.closest("tr").querySelector('input[type="checkbox"]');
    if (tick && tick.checked) tick.click();
    field.focus();
    put(field, before[column] ?? "");
  }
  const field = document.getElementById(fields[at]);
  field.focus();
  field.select();
  const data = new DataTransfer();
  data.setData("text/plain", text);
  if (html) data.setData("text/html", html);
  const event = new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true});
  if (field.dispatchEvent(event)) document.execCommand("insertText", false, text.replace(/[\\r\\n]+$/, ""));
}
"""
DIALOG = """
() => {
  const box = document.querySelector("dialog[open]");
  if (!box) return null;
  const column = box.querySelector("#paste-column");
  const ways = [...box.querySelectorAll('input[name="way"]')];
  return {
    column: column && {value: Number(column.value), options: [...column.options].map((one) => [one.value, one.textContent])},
    ways: ways.map((one) => one.value), way: (ways.find((one) => one.checked) || {}).value || null,
    ready: !box.querySelector('button[value="apply"]').disabled,
    rows: [...box.querySelectorAll("table.preview tbody tr")].map((row) => [row.className, row.querySelector("th").textContent]),
  };
}
"""
STANDS = """
(fields) => Object.fromEntries(Object.entries(fields).map(([column, id]) => {
  const field = document.getElementById(id);
  const tick = field.closest("tr").querySelector('input[type="checkbox"]');
  return [column, {text: field.value, noData: Boolean(tick && tick.checked),
    invalid: field.getAttribute("aria-invalid") === "true"}];
}))
"""


@dataclass(frozen=True)
class Outcome:
    """How much was asked, which rows the preview named as asked or refused, and what stands in each field.

    `landed` is False where the page went on asking, or had nothing to write, and the preview was closed.
    """

    asked: str
    named: frozenset[str]
    landed: bool
    stands: dict[str, dict[str, Any]]

    def asks_needlessly(self, sample: dict[str, Any]) -> bool:
        """Whether more was asked than the sample calls for."""
        return ASKED[self.asked] > ASKED[sample["asked"]]


def samples() -> list[dict[str, Any]]:
    return yaml.safe_load(SAMPLES.read_text(encoding="utf-8"))


def paste(page: Any, fields: dict[str, str], sample: dict[str, Any]) -> Outcome:
    """Clear the form, paste, answer what the sample says a person answers, and accept."""
    at, before = sample.get("at", FIRST), sample.get("before", {})
    page.evaluate(
        SCRIPT,
        {
            "fields": fields,
            "text": sample["text"],
            "html": sample.get("html", ""),
            "before": before,
            "at": at,
        },
    )
    seen = page.evaluate(DIALOG)
    asked = _asked(seen)
    named: frozenset[str] = frozenset()
    if seen:
        seen = _answer(page, seen, sample.get("pick", {}))
        named = frozenset(
            label.partition(".")[0] for kind, label in seen["rows"] if kind in {"asked", "refused"}
        )
        if seen["ready"]:
            page.click('dialog[open] button[value="apply"]')
        else:
            page.keyboard.press("Escape")
    landed = seen is None or seen["ready"]
    return Outcome(asked, named, landed, page.evaluate(STANDS, fields))


def _asked(seen: dict[str, Any] | None) -> str:
    if seen is None:
        return "no"
    if seen["column"] and seen["column"]["value"] < 0:
        return "column"
    return "way" if seen["ways"] and not seen["way"] else "yes"


def _answer(page: Any, seen: dict[str, Any], pick: dict[str, str]) -> dict[str, Any]:
    if "column" in pick and seen["column"]:
        figure = re.compile(rf"(?<![\d.,]){re.escape(pick['column'])}(?![\d.,])")
        fitting = [value for value, text in seen["column"]["options"] if figure.search(text)]
        if fitting and str(seen["column"]["value"]) != fitting[0]:
            page.select_option("#paste-column", fitting[0])
            seen = page.evaluate(DIALOG)
    if pick.get("way") in seen["ways"]:
        page.check(f'input[name="way"][value="{pick["way"]}"]')
        seen = page.evaluate(DIALOG)
    return seen


def faults(sample: dict[str, Any], outcome: Outcome) -> list[str]:
    """What is neither right nor asked."""
    found = []
    if ASKED[outcome.asked] < ASKED[sample["asked"]]:
        found.append(f"asks {outcome.asked}, not {sample['asked']}")
    for column, stands in outcome.stands.items():
        expected = sample["cells"].get(column, "untouched")
        said = _fault(expected, column, stands, outcome, str(sample.get("before", {}).get(column, "")))
        if said:
            found.append(f"{column}: {said}")
    return found


def _fault(expected: Any, column: str, stands: dict[str, Any], outcome: Outcome, before: str) -> str:
    text = stands["text"]
    state = NO_DATA if stands["noData"] else read(text).cell
    shown = "NA" if stands["noData"] else text
    if expected == "untouched":
        return "" if shown == before else f"changed to {shown!r}"
    wanted, may_ask = (expected["either"], True) if isinstance(expected, dict) else (expected, False)
    if wanted in {"ask", "refuse"}:
        wanted, may_ask = None, True
    if wanted is not None and state == (NO_DATA if wanted == "NA" else CellValue(wanted)):
        return ""
    if not may_ask:
        still_asked = not outcome.landed and shown == before and ASKED[outcome.asked] == ASKED["column"]
        return "" if still_asked else f"{shown!r}, not {wanted}"
    if state is None:
        return "" if stands["invalid"] else f"{shown!r} kept without a word"
    if state.is_blank or shown == before:
        asked = column in outcome.named or outcome.asked in {"column", "way"}
        return "" if asked else "dropped without a word"
    return f"{shown!r} landed unasked"
