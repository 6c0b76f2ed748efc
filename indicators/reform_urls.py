"""Pages on which reforms of places are entered, looked over and undone."""

from django.urls import path

from indicators.views import reforms

app_name = "reforms"
urlpatterns = [
    path("", reforms.listing, name="list"),
    path("new/", reforms.new, name="new"),
    path("<int:pk>/undo/", reforms.undo, name="undo"),
]
