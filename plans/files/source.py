"""A YAML file whose mistakes are named with their lines: collected first, then raised together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Problem:
    """One mistake: file, line (from 1; 0 for the file as a whole), entry and what is wrong, in words."""

    file: str
    line: int
    entry: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        return ": ".join(part for part in (where, self.entry, self.message) if part)


class InvalidFile(Exception):
    """The file can not be used. `problems` lists every mistake found, in the order of the file."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = sorted(problems, key=lambda problem: problem.line)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Source:
    """The tree of one file, with the problems found in it so far."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.problems: list[Problem] = []
        self.root: yaml.Node | None = None
        self.data: Any = None
        try:
            text = path.read_text(encoding="utf-8")
            self.root = yaml.compose(text, Loader=yaml.SafeLoader)
            self.data = yaml.safe_load(text)
        except OSError as error:
            raise InvalidFile([Problem(str(path), 0, "", f"không đọc được tệp: {error.strerror}")]) from error
        except UnicodeDecodeError as error:
            raise InvalidFile([Problem(self.name, 0, "", "tệp không phải UTF-8")]) from error
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            reason = getattr(error, "problem", None) or str(error)
            raise InvalidFile(
                [Problem(self.name, mark.line + 1 if mark else 0, "", f"YAML sai: {reason}")]
            ) from error
        self._refuse_repeated_keys(self.root)

    def report(self, path: tuple[str | int, ...], message: str) -> None:
        entry = ", ".join(_spoken(path))
        self.problems.append(Problem(self.name, self._line_of(path), entry, message))

    def finish(self) -> None:
        """Raise InvalidFile where anything was reported."""
        if self.problems:
            raise InvalidFile(list(dict.fromkeys(self.problems)))

    def _line_of(self, path: tuple[str | int, ...]) -> int:
        """The line of the deepest part of `path` that exists."""
        node = self.root
        line = 1
        for step in path:
            node = _child(node, step)
            if node is None:
                break
            line = node.start_mark.line + 1
        return line

    def _refuse_repeated_keys(self, node: yaml.Node | None) -> None:
        """YAML lets the later of two equal keys win in silence; a plan must not lose a text that way."""
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    line = key.start_mark.line + 1
                    self.problems.append(Problem(self.name, line, str(key.value), "khóa ghi hai lần"))
                seen.add(key.value)
                self._refuse_repeated_keys(value)
        elif isinstance(node, yaml.SequenceNode):
            for value in node.value:
                self._refuse_repeated_keys(value)


def _child(node: yaml.Node | None, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == step), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _spoken(path: tuple[str | int, ...]) -> Iterator[str]:
    """`("indicators", 2, "unit")` → `indicators 3`, `unit`; an entry of the top list is a `mục`."""
    for position, step in enumerate(path):
        if isinstance(step, str):
            follower = path[position + 1] if position + 1 < len(path) else None
            yield f"{step} {follower + 1}" if isinstance(follower, int) else step
        elif position == 0:
            yield f"mục {step + 1}"
