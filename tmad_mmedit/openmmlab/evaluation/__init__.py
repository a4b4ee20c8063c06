"""The benchmark application: mask sets, methods, scores, tables, plots."""
