"""The portal's addresses, and one bare view with one query beside them: what any page costs at least."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from config.urls import urlpatterns as portal
from facilities.models import Facility


def bare(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Facility.objects.values_list("code", flat=True).order_by("pk").first())


bare.login_required = False
urlpatterns = [path("bare/", bare), *portal]
