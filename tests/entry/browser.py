"""Small helpers of the browser tests of the entry page."""

from __future__ import annotations


def module(name: str, function: str) -> str:
    """A script that calls `function` with the module `static/entry/<name>.js` as `m`."""
    return f"async (given) => {{ const m = await import('/static/entry/{name}.js'); return ({function})(given); }}"


def focused(page) -> str:
    """What has the focus: a field's id, or a button's words."""
    return page.evaluate("(document.activeElement.id || document.activeElement.textContent).trim()")


def texts(page, *ids: str) -> list[str]:
    return [page.input_value(f"#{one}") for one in ids]


def words_under(page, field: str) -> str:
    """What stands under a cell, "" where nothing does."""
    found = page.query_selector(f"#w-{field}")
    return " ".join(found.inner_text().split()) if found and found.is_visible() else ""


def type_cells(page, *texts: str) -> None:
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
