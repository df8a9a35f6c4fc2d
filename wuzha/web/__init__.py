"""Web: the shell of the pages, the addresses and the live feed."""
