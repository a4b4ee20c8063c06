"""Krita's plug-in: what is selected is filled with texture of the picture.

Krita imports this. ``command`` and ``pixels`` know nothing of Krita.
"""
try:
    import krita
except ImportError:  # read from elsewhere, as by tests
    pass
else:
    from .menu import Menu
    krita.Krita.instance().addExtension(Menu(krita.Krita.instance()))
