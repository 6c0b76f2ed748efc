"""Pages of places."""

from django.urls import path

from facilities.views import places

app_name = "places"
urlpatterns = [
    path("", places.tree, name="tree"),
    path("<str:key>/", places.area_detail, name="area"),
]
