"""Patches from their surroundings and textures, and their paste (Sec. III-C).
"""
