"""What goes wrong, as one sentence, with the HTTP status it has."""
from ..files.error_text import reason


class Gone(ValueError):
    """The picture, or a state of it, is no longer here."""


class Changed(ValueError):
    """The picture is not what the page shows, or is being painted."""


class Busy(ValueError):
    """Too many wait."""


class TooLarge(ValueError):
    """More than the limits allow."""


STATUS = {Gone: 404, Changed: 409, TooLarge: 413, Busy: 503, ValueError: 400}


def status_of(error: Exception) -> int:
    """Return the HTTP status of an error."""
    return next((status for kind, status in STATUS.items()
                 if isinstance(error, kind)), 500)


def sentence(error: Exception) -> str:
    """Say what went wrong, beginning with a capital."""
    # the worker has said it already
    text = str(error) if isinstance(error, RuntimeError) else ''
    text = text or reason(error)
    return text[:1].upper() + text[1:]
