import pytest
import torch

from tmad_mmedit.models.shifts import search
from tmad_mmedit.models.shifts.correspondence_net import Correspondence
from tmad_mmedit.models.shifts.settings import ShiftSettings


@pytest.mark.parametrize('changes, what', [
    (dict(block_size=7), 'block_size=7'),
    (dict(block_size=2), 'block_size=2'),
    (dict(block_size=10), 'block_size=10'),
    (dict(dominant=0, guided=0, boundary=0), 'no shift'),
    (dict(boundary=-1), 'no shift'),
    (dict(labels_per_block=0), 'labels_per_block=0'),
    (dict(planes=-1), 'planes=-1'),
    (dict(around=-1.), 'around=-1'),
    (dict(around_pixels=0), 'around_pixels=0'),
    (dict(temperature=0.), 'temperature=0'),
    (dict(moves=(2, -1)), 'moves='),
])
def test_impossible_sizes_are_refused(changes, what):
    with pytest.raises(ValueError, match=what):
        ShiftSettings(**changes)


def test_what_a_file_has_as_a_list_is_the_same():
    assert ShiftSettings(moves=[4, 1, 0]) == ShiftSettings(moves=(4, 1, 0))


def test_blocks_and_low_frequencies_follow_what_the_networks_can_tell_apart():
    settings = ShiftSettings()
    assert settings.on(256 * 256) is settings
    assert settings.on(2 * 256 * 256) is settings
    large = settings.on(512 * 512)
    assert (large.block_size, large.sigma) == (16, 8.)
    assert large.moves == (4, 2, 1, 0)  # blocks of 16, 16, 8, 4, 2
    assert large.rim_width == settings.rim_width
    assert settings.on(1024 * 1024).block_size == 32
    assert ShiftSettings(moves=()).on(512 * 512).moves == ()
    assert ShiftSettings(meant_for=0).on(512 * 512).block_size == 8


def test_the_copy_that_is_searched_decides(monkeypatch):
    seen = []

    def choose(img, mask, comp, correspondence, n, settings, wanted, barred,
               manner, once, atlas=None):
        seen.append((tuple(img.shape[1:]), settings.block_size))
        return torch.zeros(2, *img.shape[1:], dtype=torch.long), None

    monkeypatch.setattr(search, 'choose_shifts', choose)
    maps = torch.ones(1, 4, 8, 8)
    correspondence = Correspondence(maps, maps, torch.ones(()), (8., 8.))
    for size, limit in ((64, 512 * 512), (400, 512 * 512), (400, 256 * 256)):
        img, mask = (torch.zeros(1, c, size, size) for c in (3, 1))
        mask[..., 10:20, 10:20] = 1
        search.search_shifts(img, mask, img, correspondence,
                             ShiftSettings(max_pixels=limit))
    assert seen == [((64, 64), 8), ((400, 400), 16), ((256, 256), 8)]
