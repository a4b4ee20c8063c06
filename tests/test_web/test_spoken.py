"""What goes wrong, as the page says it."""
import pytest

pytest.importorskip('gradio', reason='no gradio')
from tmad_mmedit.web.spoken import spoken  # noqa: E402


@spoken
def failing(error):
    raise error


@spoken
def failing_later(error):
    yield 'first'
    raise error


@pytest.mark.parametrize('error, sentence', [
    (ValueError('the mask is black: paint it.'),
     'The mask is black: paint it.'),
    (RuntimeError("the model's process died."), "The model's process died."),
    (KeyError('x'), "KeyError: 'x'")], ids=['said', 'worker', 'unforeseen'])
def test_an_error_is_a_sentence(error, sentence):
    import gradio as gr
    with pytest.raises(gr.Error) as raised:
        failing(error)
    assert raised.value.message == sentence
    steps = failing_later(error)
    assert next(steps) == 'first'
    with pytest.raises(gr.Error) as raised:
        next(steps)
    assert raised.value.message == sentence
