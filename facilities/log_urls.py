"""Pages of the log."""

from django.urls import path

from facilities.views import log

app_name = "log"
urlpatterns = [path("", log.event_list, name="list")]
