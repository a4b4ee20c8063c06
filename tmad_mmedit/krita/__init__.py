"""The plug-in of Krita, a painting program: what is selected is the hole.

``plugin/`` is what Krita gets, and runs with a Python of its own, without
this package: it calls the command ``tmad``. :mod:`.installing` puts it there.
"""
