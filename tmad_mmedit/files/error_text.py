"""What to say of an error."""


def reason(error: Exception) -> str:
    """What went wrong; of what nobody foresaw, also its kind."""
    if isinstance(error, (OSError, ValueError)) and str(error):
        return str(error)
    if isinstance(error, MemoryError):
        return 'the memory is not enough for it: give a smaller picture.'
    return f'{type(error).__name__}: {error}'
