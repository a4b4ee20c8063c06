import torch

from tmad_mmedit.models.specks import windows
from tmad_mmedit.models.specks.settings import SpeckSettings
from tmad_mmedit.models.specks.windows import specks_of

SETTINGS = SpeckSettings(longest=5, reach=6, rim=2)


def with_specks(*places, size=(40, 50)):
    mask = torch.zeros(1, *size)
    for top, left, h, w in places:
        mask[:, top:top + h, left:left + w] = 1
    return torch.rand(3, *size) * (1 - mask), mask


def test_windows_show_what_lies_around():
    img, mask = with_specks((20, 30, 2, 4), (24, 30, 1, 1))
    small, specks = specks_of(img, mask, SETTINGS)
    assert small.own.shape == (1, 1, 5, 5) and small.own[0, 0, 2, 2] == 1
    # of 2 x 4 pixels in 4 x 4 in 8 x 8 in 20 x 20
    assert specks.first.tolist() == [[17, 28]]
    assert torch.equal(specks.own[0], mask[:, 17:25, 28:36] * (
        torch.arange(17, 25)[:, None] < 24))
    assert torch.equal(specks.img[0], img[:, 11:31, 22:42])
    # the other hole is not known, but not its own either
    assert torch.equal(specks.known[0], 1 - mask[:, 11:31, 22:42])
    img, known = specks.middle()
    assert torch.equal(known[0], 1 - mask[:, 17:25, 28:36])


def test_beyond_the_picture_nothing_is_known():
    img, mask = with_specks((0, 47, 3, 3))
    specks, = specks_of(img, mask, SETTINGS)
    assert specks.first.tolist() == [[-2, 45]]
    assert not specks.known[..., :8, :].any()
    assert not specks.known[..., -8:].any()
    assert specks.known[..., 8:, :11].mean() > 0.8
    assert torch.equal(specks.img, specks.img * specks.known)


def test_only_small_holes_are_specks():
    img, mask = with_specks((3, 3, 5, 2), (20, 3, 6, 1), (20, 20, 9, 9))
    specks, = specks_of(img, mask, SETTINGS)
    assert specks.own.sum() == 10
    assert not list(specks_of(img, mask, SpeckSettings(longest=0)))
    assert not list(specks_of(img, torch.zeros_like(mask), SETTINGS))


def test_many_come_in_parts(monkeypatch):
    img, mask = with_specks(*((5 * i, 7, 2, 2) for i in range(7)))
    all_at_once, = specks_of(img, mask, SETTINGS)
    monkeypatch.setattr(windows, 'AT_ONCE', 3)
    parts = list(specks_of(img, mask, SETTINGS))
    assert [len(x.own) for x in parts] == [3, 3, 1]
    for one, whole in zip(zip(*parts), all_at_once):
        assert torch.equal(torch.cat(one), whole)
