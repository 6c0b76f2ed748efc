"""Pages of submissions: what is due, the form itself, review, history."""

from django.urls import path

from indicators.views import (
    absences,
    approving,
    closing,
    corrections,
    decisions,
    due,
    entry,
    forms,
    history,
    matrix,
    review,
    workbooks,
)

app_name = "submissions"
urlpatterns = [
    path("", due.due, name="due"),
    path("review/", review.review, name="review"),
    path("review/approve/", approving.approve_many, name="approve"),
    path("review/approved/", approving.approved, name="approved"),
    path("sw.js", entry.worker, name="worker"),
    path("who/", entry.who, name="who"),
    path("due.json", entry.due_forms, name="due-forms"),
    path("workbook.xlsx", workbooks.area_workbook, name="area-workbook"),
    path("upload/", workbooks.upload, name="upload"),
    path("upload/<int:pk>/", workbooks.preview, name="upload-preview"),
    path("<str:facility>/<str:form>/<str:period>/", forms.form_page, name="form"),
    path("<str:facility>/<str:form>/<str:period>/history/", history.history, name="history"),
    path("<str:facility>/<str:form>/<str:period>/decide/", decisions.decide, name="decide"),
    path("<str:facility>/<str:form>/<str:period>/recall/", forms.recall, name="recall"),
    path("<str:facility>/<str:form>/<str:period>/sync/", entry.sync, name="sync"),
    path("<str:facility>/<str:form>/<str:period>/nothing/", entry.nothing, name="nothing"),
    path("matrix/", matrix.matrix, name="matrix"),
    path("closing/", closing.closing, name="closing"),
    path("corrections/", corrections.correction_list, name="corrections"),
    path("corrections/<int:pk>/", corrections.correction, name="correction"),
    path("<str:facility>/<str:form>/<str:period>/correct/", corrections.propose, name="correct"),
    path("<str:facility>/<str:form>/<str:period>/absence/", absences.absence, name="absence"),
    path("<str:facility>/<str:form>/<str:period>/workbook.xlsx", workbooks.form_workbook, name="workbook"),
]
