"""Reports, their frozen snapshots and files, to look at. They change only by preparing and signing."""

from __future__ import annotations

from django.contrib import admin
from django.utils.translation import pgettext_lazy

from facilities.administration import ReadOnlyAdmin
from reporting.models import Delivery, IssuedDocument, Report, ReportFile, Signature, Snapshot


@admin.display(description=pgettext_lazy("vì sao", "lỗi"))
def error_words(row: ReportFile | Delivery) -> str:
    return row.error_words


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    list_display = ["subject_name", "kind", "year", "period", "created_at"]
    list_filter = ["kind", "year", "plan"]
    list_select_related = ["plan", "agency"]
    search_fields = ["plan__slug", "plan__title", "agency__name"]


@admin.register(Snapshot)
class SnapshotAdmin(ReadOnlyAdmin):
    list_display = ["report", "number", "at", "by", "sha256", "why"]
    list_select_related = ["report__plan", "report__agency", "by"]
    search_fields = ["sha256", "report__plan__slug"]
    exclude = ["data"]


@admin.register(ReportFile)
class ReportFileAdmin(ReadOnlyAdmin):
    list_display = ["snapshot", "format", "status", "size", "sha256", "finished_at", error_words]
    list_filter = ["status", "format"]
    list_select_related = ["snapshot"]
    search_fields = ["sha256"]


@admin.register(Signature)
class SignatureAdmin(ReadOnlyAdmin):
    list_display = ["file", "part", "by", "at", "sha256"]
    list_filter = ["part"]
    list_select_related = ["file", "by"]
    search_fields = ["sha256"]


@admin.register(IssuedDocument)
class IssuedDocumentAdmin(ReadOnlyAdmin):
    list_display = ["number_text", "on", "agency", "subject", "signer", "sha256", "by"]
    list_filter = ["agency"]
    list_select_related = ["agency", "by"]
    search_fields = ["folded", "sha256"]


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ["address", "snapshot", "way", "status", "attempts", "sent_at", error_words, "by"]
    list_filter = ["status", "way"]
    list_select_related = ["snapshot", "by"]
    search_fields = ["address", "message_id"]
    exclude = ["token_hash"]
