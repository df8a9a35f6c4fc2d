"""Addresses of signing in and of the officers' pages."""

from django.urls import path

from wuzha.people import views

urlpatterns = [
    path("sign-in", views.sign_in, name="sign-in"),
    path("sign-out", views.sign_out, name="sign-out"),
    path("password", views.password, name="password"),
    path("officers", views.officers, name="officers"),
    path("officers/<int:pk>", views.officer, name="officer"),
]
