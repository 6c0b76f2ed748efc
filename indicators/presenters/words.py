"""Every word the entry page's scripts show, in the reader's language (docs/entry-protocol.md)."""

from __future__ import annotations

from indicators.presenters.grid_words import Words, grid_words
from indicators.presenters.store_words import store_words


def entry_words() -> Words:
    return {**grid_words(), **store_words()}
