"""Addresses of pages and API."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from wuzha.web.api import public_urls


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Whether the pages answer."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("health", health, name="health"),
    path("api/v1/", public_urls()),
]
