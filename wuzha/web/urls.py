"""Addresses of pages and API."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import include, path
from django.views.i18n import set_language

from wuzha.web import (
    batch_views,
    board_views,
    case_views,
    evidence_views,
    liaison_views,
    statement_views,
    views,
)
from wuzha.web.api import public_urls


@login_not_required
def health(request: HttpRequest) -> HttpResponse:
    """Whether the pages answer."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", views.home, name="home"),
    path("desks", views.desks, name="desks"),
    path("situation", views.situation, name="situation"),
    path("search", views.search, name="search"),
    path("journal", views.journal, name="journal"),
    path("policy", views.policy, name="policy"),
    path("board", board_views.board, name="board"),
    path("liaison", liaison_views.liaison, name="liaison"),
    path("liaison/<uuid:order_id>", liaison_views.liaison_order, name="liaison-order"),
    path("cases", case_views.cases, name="cases"),
    path("cases/<uuid:case_id>", case_views.case, name="case"),
    path("cases/<uuid:case_id>/flow.json", case_views.flow, name="flow"),
    path("cases/<uuid:case_id>/authorise", case_views.authorise, name="authorise"),
    path("cases/<uuid:case_id>/kind", case_views.decide_kind, name="decide-kind"),
    path("cases/<uuid:case_id>/close", case_views.close, name="close-case"),
    path("cases/<uuid:case_id>/unmask", case_views.unmask, name="unmask"),
    path("cases/<uuid:case_id>/lots.json", evidence_views.lots, name="lots"),
    path("cases/<uuid:case_id>/evidence.pdf", evidence_views.evidence_pdf, name="evidence-pdf"),
    path("cases/<uuid:case_id>/evidence.xlsx", evidence_views.evidence_xlsx, name="evidence-xlsx"),
    path("cases/<uuid:case_id>/statements", statement_views.statements, name="statements"),
    path("cases/<uuid:case_id>/statements/import", statement_views.import_drafts, name="import-drafts"),
    path("cases/<uuid:case_id>/statements/ask", statement_views.ask, name="statement-ask"),
    path("cases/<uuid:case_id>/statements/<uuid:draft_id>", statement_views.draft, name="statement-draft"),
    path("batches", batch_views.batches, name="batches"),
    path("batches/new", batch_views.new_batch, name="new-batch"),
    path("batches/<uuid:batch_id>", batch_views.batch, name="batch"),
    path("batches/<uuid:batch_id>.xlsx", batch_views.export, name="batch-export"),
    path("", include("wuzha.people.urls")),
    path("", include("wuzha.intake.urls")),
    path("", include("wuzha.control.urls")),
    path("", include("wuzha.web.listing_urls")),
    path("", include("wuzha.partners.urls")),
    path("", include("wuzha.analysis.urls")),
    path("language", login_not_required(set_language), name="set_language"),
    path("health", health, name="health"),
    path("api/v1/", public_urls()),
]

handler400 = "wuzha.web.views.bad_request"
handler403 = "wuzha.web.views.forbidden"
handler404 = "wuzha.web.views.not_found"
handler500 = "wuzha.web.views.server_error"
