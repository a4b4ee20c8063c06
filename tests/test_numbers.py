"""Whatever precision a program has, its pictures are the same."""
import numpy as np
import pytest
import torch

from tests.slim import SLIM_COHERENT, SLIM_PAPER, write_model
from tmad_mmedit import Inpainter

IMAGE = np.random.default_rng(0).integers(60, 200, (40, 56, 3), np.uint8)
HOLE = np.zeros((40, 56), bool)
HOLE[12:24, 20:36] = True


@pytest.fixture(params=[SLIM_COHERENT, SLIM_PAPER], ids=['coherent', 'paper'])
def inpainter(request, tmp_path):
    torch.manual_seed(0)
    return Inpainter(checkpoint=write_model(
        tmp_path / 'slim.safetensors', request.param))


@pytest.mark.parametrize('convert', ['half', 'bfloat16', 'double'])
def test_a_model_of_another_precision_paints(inpainter, convert):
    getattr(inpainter.model, convert)()
    out = inpainter(IMAGE, HOLE)
    assert np.array_equal(out[~HOLE], IMAGE[~HOLE])
    assert not np.array_equal(out, IMAGE)


def test_a_default_of_float64_changes_nothing_and_stays(inpainter):
    expected = inpainter(IMAGE, HOLE)
    try:
        torch.set_default_dtype(torch.float64)
        assert np.array_equal(inpainter(IMAGE, HOLE), expected)
        assert torch.get_default_dtype() == torch.float64
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize('dtype', [np.float32, np.float16, np.float64])
def test_floats_a_rounding_beyond_their_range_are_taken(inpainter, dtype):
    image = (IMAGE / 255).astype(dtype)
    image[0, 0], image[0, 1] = 1 + np.finfo(np.float16).eps / 2, -1e-7
    image[0, 2] = np.nextafter(dtype(1), dtype(2))
    out = inpainter(image, HOLE)
    assert np.array_equal(out[~HOLE], image[~HOLE])
    assert np.array_equal(inpainter(torch.from_numpy(image).movedim(-1, 0),
                                    HOLE).movedim(0, -1)[~HOLE], image[~HOLE])
    image[0, 0] = 1.01
    with pytest.raises(ValueError, match=r'from -1\S+ to 1.0\S+: expected'):
        inpainter(image, HOLE)
