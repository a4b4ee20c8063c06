"""The texture memory of real windows, and its retrieval (Sec. III-B)."""
