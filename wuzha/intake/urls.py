"""Addresses of the intake desk."""

from django.urls import path

from wuzha.intake import views

urlpatterns = [
    path("intake", views.intake, name="intake"),
    path("intake/look", views.look, name="intake-look"),
    path("intake/leads", views.leads, name="intake-leads"),
]
