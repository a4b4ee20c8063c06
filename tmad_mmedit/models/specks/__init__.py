"""Specks, as of dust: what a few pixels hide, those around them tell. Ours; no
network is asked."""
