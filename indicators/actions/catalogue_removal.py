"""Removing definitions that left the files, where no figure or plan uses them."""

from __future__ import annotations

from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from indicators import definitions
from indicators.models import DataElement, DataValue, Form, FormItem, Group, Indicator, Rule


class CatalogueInUse(Exception):
    """The files leave out definitions that stored figures or plans still use. Nothing was changed."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def remove_items(kept: set[tuple[int, int, int]]) -> None:
    """Remove the items whose (form, element, group) is not kept; CatalogueInUse where values stand in one."""
    gone = [
        item
        for item in FormItem.objects.select_related("form", "element", "group")
        if (item.form_id, item.element_id, item.group_id) not in kept
    ]
    used = [
        item
        for item in gone
        if DataValue.objects.filter(
            submission__form=item.form, element=item.element, group=item.group
        ).exists()
    ]
    if used:
        raise CatalogueInUse(
            [
                _("Biểu %(form)s: ô %(cell)s đã có số liệu nên không bỏ được.")
                % {"form": i.form.code, "cell": f"{i.element.code} {i.group.code}".strip()}
                for i in used
            ]
        )
    FormItem.objects.filter(pk__in=[item.pk for item in gone]).delete()


def remove_the_rest(catalogue: definitions.Catalogue) -> None:
    """Remove what the files no longer name, from what refers to what is referred to."""
    forms = {(form.code, form.valid_from) for form in catalogue.forms}
    gone_forms = [form for form in Form.objects.all() if (form.code, form.valid_from) not in forms]
    Rule.objects.exclude(code__in=[rule.code for rule in catalogue.rules]).delete()
    gone = [
        *gone_forms,
        *Indicator.objects.exclude(code__in=[i.code for i in catalogue.indicators]),
        *DataElement.objects.exclude(code__in=[e.code for e in catalogue.elements]),
        *Group.objects.exclude(code__in=["", *(g.code for g in catalogue.groups)]),
    ]
    problems = []
    for row in gone:
        try:
            row.delete()
        except ProtectedError:
            name = {"kind": row._meta.verbose_name, "code": row.code}
            problems.append(_("%(kind)s %(code)s đang được dùng nên không bỏ được.") % name)
    if problems:
        raise CatalogueInUse(problems)
