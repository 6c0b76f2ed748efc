"""Pages on the quality of figures."""

from django.urls import URLPattern

app_name = "quality"
urlpatterns: list[URLPattern] = []
