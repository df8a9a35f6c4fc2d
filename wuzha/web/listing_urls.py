"""Addresses of the grey list."""

from django.urls import path

from wuzha.web import listing_views as views

urlpatterns = [
    path("grey-list", views.grey_list, name="grey-list"),
    path("grey-list/<uuid:order_id>", views.listing, name="listing"),
    path("grey-list/<uuid:order_id>/act", views.act_on_listing, name="listing-act"),
    path("liaison/grey-list", views.own_listings, name="own-listings"),
    path("liaison/grey-list/<uuid:order_id>", views.own_listing, name="own-listing"),
]
