"""What can be retrieved of an image, and how it is chosen (Sec. III-B)."""
