"""The web app: joins the reactions to the journal once all desks are loaded."""

from django.apps import AppConfig


class Config(AppConfig):
    """Names the app."""

    name = "wuzha.web"
    label = "web"

    def ready(self) -> None:
        """Install the table of reactions."""
        from wuzha import reactions
        from wuzha.journal.append import set_reactions

        set_reactions(reactions.react)
