"""Folders, names and writing: what is done, and what is written where."""
