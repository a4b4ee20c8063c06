"""Which pixels of a picture are hole."""
