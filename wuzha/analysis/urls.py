"""Addresses of analysis."""

from django.urls import path

from wuzha.analysis import views

urlpatterns = [
    path("analysis/kinds", views.fraud_kinds, name="fraud-kinds"),
    path("analysis/saved", views.saved, name="saved"),
    path("analysis/saved.pdf", views.saved_pdf, name="saved-pdf"),
]
