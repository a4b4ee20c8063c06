"""The brush in the browser: ``tmad web``."""
