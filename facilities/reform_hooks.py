"""What other apps have to do with a reform, registered when they start: they know this one, not the reverse."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from facilities.models import Reform

Follower = Callable[[Collection[int]], object]
Dependants = Callable[[Reform], Iterable[str]]

followers: list[Follower] = []
dependants: list[Dependants] = []


def follow(follower: Follower) -> None:
    """Call `follower` with the ids of the facilities that a reform or its undo placed anew, in its transaction."""
    if follower not in followers:
        followers.append(follower)


def depend(found: Dependants) -> None:
    """Ask `found` before an undo: it says in sentences what depends on the reform, nothing where nothing does."""
    if found not in dependants:
        dependants.append(found)
