"""Copies into one picture, in the gradient domain (method, section 8)."""
