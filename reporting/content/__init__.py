"""What a report says, as plain data: the one source of every format (design decision 8)."""

from reporting.content.report import build_content

__all__ = ["build_content"]
