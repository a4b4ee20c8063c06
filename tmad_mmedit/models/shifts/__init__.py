"""Which shift each block of a hole shows (method, section 8)."""
