"""Where everything is. Lists per resource stand in the apps."""

from django.contrib import admin
from django.urls import include, path

from config.health import health
from reporting.views.home import home

urlpatterns = [
    path("", home, name="home"),
    path("account/", include("facilities.urls")),
    path("submissions/", include("indicators.urls")),
    path("recompute/", include("indicators.recompute_urls")),
    path("quality/", include("indicators.quality_urls")),
    path("plans/", include("plans.urls")),
    path("reports/", include("reporting.urls")),
    path("places/reforms/", include("indicators.reform_urls")),
    path("places/", include("facilities.places_urls")),
    path("log/", include("facilities.log_urls")),
    path("api/v1/", include("reporting.api.urls")),
    path("admin/", admin.site.urls),
    path("healthz", health, name="healthz"),
]
