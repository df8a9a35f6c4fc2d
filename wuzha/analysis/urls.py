"""Addresses of analysis."""

from django.urls import path

from wuzha.analysis import views

urlpatterns = [path("analysis/kinds", views.fraud_kinds, name="fraud-kinds")]
