"""What figures of a form are held to."""

from __future__ import annotations

from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from indicators.definitions.thresholds import parameters_problem, unknown_words
from indicators.expressions import InvalidExpression, cell_text, parse
from indicators.models.forms import FormItem
from indicators.slips import EVERY_FORM, WORDS


class Rule(models.Model):
    """What figures of a form are held to. It warns and explains; it never blocks.

    A relation is an expression that cells must keep (`month` alone, or `year` to date). The other kinds look for
    slips of the hand against the station's own past: they name no cells, hold for every form where `form_code` is
    "*", and read their thresholds from `parameters`. Browser and server run the same rules (indicators/slips.py).
    """

    class Kind(models.TextChoices):
        RELATION = "relation", _("quan hệ giữa các ô")
        TIMES_TEN = "times_ten", _("thừa hoặc thiếu chữ số")
        SHIFTED = "shifted", _("lệch dòng")
        SWAPPED = "swapped", _("đổi chỗ hai ô")
        RANGE = "range", _("ngoài khoảng thường thấy của cơ sở")
        SUDDEN_ZERO = "sudden_zero", _("bằng 0 khi chưa từng bằng 0")

    class Scope(models.TextChoices):
        MONTH = "month", _("trong kỳ")
        YEAR = "year", _("cộng dồn trong năm")

    code = models.CharField(_("mã"), max_length=40, unique=True)
    kind = models.CharField(_("loại"), max_length=12, choices=Kind.choices, default=Kind.RELATION)
    form_code = models.CharField(_("biểu"), max_length=20, db_index=True)
    expression = models.CharField(
        _("điều kiện"), max_length=300, blank=True, help_text=_("Ví dụ: B4.9a <= B4.7")
    )
    parameters = models.JSONField(_("ngưỡng"), default=dict, blank=True)
    scope = models.CharField(_("phạm vi"), max_length=10, choices=Scope.choices, default=Scope.MONTH)
    message = models.TextField(_("lời giải thích"))
    message_en = models.TextField(_("lời báo tiếng Anh"), blank=True)
    valid_from = models.DateField(_("từ ngày"), null=True, blank=True)
    valid_to = models.DateField(_("đến trước ngày"), null=True, blank=True)

    class Meta:
        verbose_name = _("quy tắc")
        verbose_name_plural = pgettext_lazy("nhiều", "quy tắc")
        ordering = ["form_code", "code"]

    def __str__(self) -> str:
        return self.code

    def clean(self) -> None:
        """Refuse what the engines could not read. `load_catalogue` asks the same of the packaged rules."""
        super().clean()
        relation = self.kind == self.Kind.RELATION
        problems = {
            "expression": _expression_problem(self.expression, relation=relation) or self._cells_problem(),
            "parameters": _parameters_problem(self.kind, self.parameters),
            "message": _words_problem(self.kind, self.message),
            "message_en": _words_problem(self.kind, self.message_en),
        }
        if not relation and self.scope != self.Scope.MONTH:
            problems["scope"] = gettext("Quy tắc tìm lỗi gõ chỉ xét trong kỳ.")
        if relation and self.form_code == EVERY_FORM:
            problems["form_code"] = gettext("Quan hệ giữa các ô là của một biểu, không của mọi biểu.")
        if found := {name: text for name, text in problems.items() if text}:
            raise ValidationError(found)

    def _cells_problem(self) -> str:
        """Cells that no version of the form has: the rule would never say anything."""
        if self.kind != self.Kind.RELATION:
            return ""
        items = FormItem.objects.filter(form__code=self.form_code).values_list("element__code", "group__code")
        on_form = set(items)
        missing = [cell_text(cell) for cell in parse(self.expression).cells if cell not in on_form]
        if not missing:
            return ""
        words = gettext("Biểu %(form)s không có ô %(cells)s.")
        return words % {"form": self.form_code, "cells": ", ".join(missing)}

    @property
    def is_readable(self) -> bool:
        """Whether the engines can run it: rows written past `clean` may hold anything."""
        if self.kind == self.Kind.RELATION and not _parses(self.expression):
            return False
        return not _parameters_problem(self.kind, self.parameters)

    @property
    def label(self) -> str:
        return self.message_en if self.message_en and get_language() == "en" else self.message


@lru_cache(maxsize=1000)
def _parses(expression: str) -> bool:
    return not _expression_problem(expression, relation=True)


def _expression_problem(text: str, *, relation: bool) -> str:
    if not relation:
        return gettext("Quy tắc tìm lỗi gõ không có điều kiện; để trống.") if text else ""
    try:
        parse(text)
    except InvalidExpression as error:
        return gettext(error.reason) % error.names
    return ""


def _parameters_problem(kind: str, parameters: object) -> str:
    """What is wrong with the thresholds of a kind; a relation has none."""
    if not isinstance(parameters, dict):
        return gettext("Ngưỡng viết dạng {“tên”: số}.")
    if problem := parameters_problem(kind, parameters):
        words, names = problem
        return gettext(words) % names
    return ""


def _words_problem(kind: str, message: str) -> str:
    """Names in braces that the engine does not fill in for this kind."""
    if unknown := unknown_words(kind, message):
        names = {"names": ", ".join(unknown), "known": ", ".join(sorted(WORDS.get(kind, set())))}
        return gettext("Lời giải thích không có %(names)s; chỉ dùng được %(known)s.") % names
    return ""
