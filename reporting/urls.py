"""Pages of reports."""

from django.urls import path

from reporting.views import (
    archive,
    comparing,
    links,
    numbers,
    opening,
    preparing,
    registering,
    reports,
    sending,
    signing,
    writing,
)
from reporting.views import archive, duties, links, numbers, opening, registering, reports, sending, signing, writing

app_name = "reports"
urlpatterns = [
    path("", reports.report_list, name="list"),
    path("prepare/", opening.prepare, name="prepare"),
    path("duties/", duties.duty_list, name="duties"),
    path("duties/<int:pk>/day/", duties.duty_day, name="duty-day"),
    path("duties/expected/<int:pk>/", duties.tick_expected, name="tick"),
    path("<int:pk>/", reports.report_detail, name="detail"),
    path("<int:pk>/narrative/", writing.save_narrative, name="narrative"),
    path("<int:pk>/freeze/", writing.freeze_report, name="freeze"),
    path("<int:pk>/delete/", writing.remove_report, name="delete"),
    path("<int:pk>/file.<str:format>", reports.report_file, name="file"),
    path("<int:pk>/<int:number>/numbers/", numbers.snapshot_numbers, name="numbers"),
    path("<int:pk>/<int:number>/files/", reports.request_report_files, name="request-files"),
    path("<int:pk>/<int:number>/file.<str:format>", reports.report_file, name="snapshot-file"),
    path("<int:pk>/signing/", signing.signing, name="signing"),
    path("<int:pk>/signing/person/", signing.sign_person, name="sign"),
    path("<int:pk>/signing/agency/", signing.sign_agency, name="sign-agency"),
    path("<int:pk>/<int:number>/signed.pdf", signing.signed_file, name="signed-file"),
    path("archive/", archive.archive, name="archive"),
    path("link/<str:token>/", links.link, name="link"),
    path("link/<str:token>/file.<str:format>", links.link_file, name="link-file"),
    path("<int:pk>/sending/", sending.sending, name="sending"),
    path("<int:pk>/<int:number>/send/", sending.send_document, name="send"),
    path("<int:pk>/<int:number>/package/", sending.package_document, name="package"),
    path("deliveries/<int:pk>/again/", sending.send_delivery_again, name="send-again"),
    path("deliveries/<int:pk>/withdraw/", sending.withdraw_delivery, name="withdraw"),
    path("<int:pk>/<int:number>/register/", registering.register_document, name="register"),
    path("<int:pk>/<int:number>/print-number/", registering.print_document_number, name="print-number"),
    path("<int:pk>/<int:number>/signed/", registering.take_signed, name="take-signed"),
    path("<int:pk>/<int:number>/issued.pdf", registering.issued_file, name="issued-file"),
    path("<int:pk>/preparing/", preparing.preparing, name="preparing"),
    path("<int:pk>/preparing/save/", preparing.autosave, name="autosave"),
    path("<int:pk>/preparing/editing/", preparing.editing, name="editing"),
    path("<int:pk>/preparing/remind/", preparing.remind, name="remind"),
    path("<int:pk>/preparing/estimates/", preparing.estimates, name="estimates"),
    path("<int:pk>/preview/", preparing.preview, name="preview"),
    path("<int:pk>/preview/document.css", preparing.preview_style, name="preview-style"),
    path("<int:pk>/compare/", comparing.compare_snapshots, name="compare"),
]
