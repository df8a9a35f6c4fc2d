"""Leads out of words: what a caller says becomes what the desk acts on. Pure rules, no model, no network.

`extract` finds, `propose_transfers` proposes the report's transfer rows, `lead_to_dict` makes plain values for JSON.
The theory of each kind stands in its module; docs/extraction.md tells what is recognised and how well.
"""

from wuzha.intake.leads.lead import Kind, Lead, lead_to_dict
from wuzha.intake.leads.proposed import ProposedTransfer, transfer_to_dict
from wuzha.intake.leads.reading import extract
from wuzha.intake.leads.transfers import propose_transfers

__all__ = [
    "Kind",
    "Lead",
    "ProposedTransfer",
    "extract",
    "lead_to_dict",
    "propose_transfers",
    "transfer_to_dict",
]
