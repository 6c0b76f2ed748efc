"""Pages of reports."""

from django.urls import path

from reporting.views import numbers, opening, reports, signing, writing

app_name = "reports"
urlpatterns = [
    path("", reports.report_list, name="list"),
    path("prepare/", opening.prepare, name="prepare"),
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
]
