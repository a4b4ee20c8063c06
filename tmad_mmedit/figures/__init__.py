"""The steps of a method as one picture."""
