"""Pages on the quality of figures."""

from django.urls import path

from indicators.views import quality

app_name = "quality"
urlpatterns = [
    path("", quality.completeness, name="list"),
    path("rules/", quality.rules, name="rules"),
    path("outliers/", quality.outliers, name="outliers"),
    path("consistency/", quality.consistency, name="consistency"),
]
