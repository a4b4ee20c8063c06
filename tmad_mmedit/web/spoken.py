"""Errors and progress, as the page says them."""
import functools
import inspect
from collections.abc import Callable

import gradio as gr


def spoken(act: Callable) -> Callable:
    """An action of which whatever goes wrong becomes one sentence."""
    if inspect.isgeneratorfunction(act):
        @functools.wraps(act)
        def steps(*inputs):
            try:
                yield from act(*inputs)
            except Exception as error:
                raise said(error) from None
        return steps

    @functools.wraps(act)
    def whole(*inputs):
        try:
            return act(*inputs)
        except Exception as error:
            raise said(error) from None
    return whole


def said(error: Exception) -> gr.Error:
    return gr.Error(sentence(error), print_exception=False)


def sentence(error: Exception) -> str:
    """What went wrong; of what nobody foresaw, also its kind."""
    if isinstance(error, (OSError, ValueError, RuntimeError)) and str(error):
        text = str(error)
        return text[:1].upper() + text[1:]
    if isinstance(error, MemoryError):
        return 'The memory is not enough for it: give a smaller picture.'
    return f'{type(error).__name__}: {error}'


def ticking(progress: gr.Progress) -> Callable[[float], None]:
    """Shows for how long it has been painting; see :meth:`Worker.fill`."""

    def tick(seconds: float) -> None:
        progress((int(seconds), None), desc='Painting', unit='seconds')
    return tick
