"""Addresses of the control desk."""

from django.urls import path

from wuzha.control import views

urlpatterns = [
    path("approvals", views.approvals, name="approvals"),
    path("approvals/<uuid:case_id>", views.decide, name="decide"),
    path("orders/<uuid:order_id>", views.order, name="order"),
    path("orders/<uuid:order_id>/act", views.act_on, name="order-act"),
    path("cases/<uuid:case_id>/order", views.new_order, name="new-order"),
]
