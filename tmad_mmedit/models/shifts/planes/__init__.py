"""Entries that follow the perspective of planes (method, section 9)."""
