"""The fields of a page's forms, as a browser would send them."""

from __future__ import annotations

from html.parser import HTMLParser


class _Fields(HTMLParser):
    """Collects name → values of what a browser submits: inputs, chosen options, texts."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.values: dict[str, list[str]] = {}
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        name = found.get("name") or ""
        if tag == "select":
            self._select = name
            self.names.add(name)
        elif tag == "option" and self._select and "selected" in found:
            self._add(self._select, found.get("value"))
        elif tag == "textarea":
            self._area = name
            self._add(name, "")
        elif tag == "input" and name:
            self.names.add(name)
            if found.get("type") not in {"checkbox", "radio"} or "checked" in found:
                self._add(name, found.get("value"))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area][-1] += data

    def _add(self, name: str, value: str | None) -> None:
        self.names.add(name)
        self.values.setdefault(name, []).append(value or "")


def fields_of(page: str) -> tuple[set[str], dict[str, list[str]]]:
    """Names of all fields of all forms of the page, and the values they stand at; the search box is left out."""
    parser = _Fields()
    parser.feed(page)
    return parser.names - {"", "csrfmiddlewaretoken"}, parser.values
