"""Pages on the quality of figures."""

from django.urls import path

from indicators.views.quality import quality

app_name = "quality"
urlpatterns = [path("", quality, name="list")]
