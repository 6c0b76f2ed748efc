"""What other apps have to do with a reform, registered when they start: they know this one, not the reverse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from facilities.models import Reform

Follower = Callable[[Collection[int]], object]
Dependants = Callable[[Reform], Iterable[str]]
Effects = Callable[[Reform], Iterable[str]]

followers: list[Follower] = []
dependants: list[Dependants] = []
effects: list[Effects] = []


def follow(follower: Follower) -> None:
    """Call `follower` with the ids of the facilities that a reform or its undo placed anew, in its transaction."""
    if follower not in followers:
        followers.append(follower)


def depend(found: Dependants) -> None:
    """Ask `found` before an undo: it says in sentences what depends on the reform, nothing where nothing does."""
    if found not in dependants:
        dependants.append(found)


def foretell(effect: Effects) -> None:
    """Ask `effect` in the preview of a reform: it says in sentences what becomes of what names the areas that end."""
    if effect not in effects:
        effects.append(effect)
