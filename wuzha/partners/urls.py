"""Addresses of the partners' pages."""

from django.urls import path

from wuzha.partners import views

urlpatterns = [path("partners", views.partners, name="partners")]
