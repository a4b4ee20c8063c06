"""Picture files: decoded, written, with all that describes them; no torch."""
