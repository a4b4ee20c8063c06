"""Errors and progress, as the page says them."""
import functools
import inspect
from collections.abc import Callable

import gradio as gr

from ..files.error_text import reason


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
    return gr.Error(sentence(error), duration=30, print_exception=False)


def sentence(error: Exception) -> str:
    """What went wrong, beginning with a capital."""
    # the worker has said it already
    text = str(error) if isinstance(error, RuntimeError) else ''
    text = text or reason(error)
    return text[:1].upper() + text[1:]


def ticking(progress: gr.Progress) -> Callable[[float], None]:
    """Shows for how long it has been painting; see :meth:`Worker.fill`.
    gradio's own count beside it has the waiting, too."""

    def tick(seconds: float) -> None:
        progress((int(seconds), None), unit='s of painting')
    return tick
