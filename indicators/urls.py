"""Pages of submissions: what is due, the form itself, review, history."""

from django.urls import path

from indicators.views import due, forms, history, review

app_name = "submissions"
urlpatterns = [
    path("", due.due, name="due"),
    path("review/", review.review, name="review"),
    path("review/approve/", review.approve_many, name="approve"),
    path("<str:facility>/<str:form>/<str:period>/", forms.form_page, name="form"),
    path("<str:facility>/<str:form>/<str:period>/history/", history.history, name="history"),
    path("<str:facility>/<str:form>/<str:period>/decide/", review.decide, name="decide"),
    path("<str:facility>/<str:form>/<str:period>/recall/", forms.recall, name="recall"),
]
