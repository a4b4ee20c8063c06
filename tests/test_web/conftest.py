import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.web.actions import Actions
from tmad_mmedit.web.limits import Limits
from tmad_mmedit.web.session import Sessions


class Grey:
    """Paints every hole grey, in place of a worker's models."""

    def fill(self, picture, hole, settings, tick=None):
        painted = np.full((*picture.size, 3), 128.)
        return picture.filled(painted, hole).stored[hole]

    def figure(self, picture, hole, settings, tick=None):
        return np.where(hole[..., None], 0, picture.rgb).astype(np.uint8)


@pytest.fixture
def noise():
    return np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)


@pytest.fixture
def photo(tmp_path, noise):
    """A PNG of 64 x 48 pixels."""
    Image.fromarray(noise).save(tmp_path / 'photo.png')
    return str(tmp_path / 'photo.png')


@pytest.fixture
def actions(tmp_path):
    """Of small limits, with a worker that paints grey."""
    limits = Limits(megapixels=.01, megabytes=.1, rounds=2, sessions=3)
    (tmp_path / 'open').mkdir()
    return Actions(Sessions(tmp_path / 'open', limits), Grey(), limits)
