"""The first guess at the hole: the coarse network, or any inpaintor in its
place (Sec. III-A)."""
