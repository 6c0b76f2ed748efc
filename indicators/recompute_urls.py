"""The page of a full recompute and what is asked for on it."""

from django.urls import path

from indicators.views import runs

app_name = "recompute"
urlpatterns = [
    path("", runs.overview, name="list"),
    path("start/", runs.start, name="start"),
    path("<int:pk>/retry/", runs.retry, name="retry"),
    path("<int:pk>/cancel/", runs.cancel, name="cancel"),
]
