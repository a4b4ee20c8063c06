import torch

from tmad_mmedit.models.shifts.costs import UNKNOWN
from tmad_mmedit.models.specks.copies import best_copies, mixed, rim_weights
from tmad_mmedit.models.specks.settings import SpeckSettings
from tmad_mmedit.models.specks.windows import specks_of

SETTINGS = SpeckSettings(longest=4, reach=5, rim=2, copies=121)


def case():
    torch.manual_seed(2)
    img, mask = torch.rand(3, 30, 30), torch.zeros(1, 30, 30)
    mask[:, 14:16, 12:15] = 1
    mask[:, 14:17, 18:24] = 1  # another one, in reach
    return img * (1 - mask), mask


def test_nearer_pixels_of_the_rim_count_more():
    img, mask = case()
    specks, = specks_of(img, mask, SETTINGS)
    rim = rim_weights(specks, 2)[0, 0]
    assert rim.shape == (7, 7) and not rim[specks.own[0, 0] == 1].any()
    known = specks.middle()[1][0, 0]
    assert torch.equal(rim > 0, (known > 0) & (specks.own[0, 0] == 0) & (
        torch.arange(7)[:, None] > 0))  # of 3 rows it has the last two
    assert rim[3, 1] == 1 and rim[3, 0] == 0.5


def test_copies_are_ordered_by_what_they_differ_from_the_rim():
    img, mask = case()
    specks, = specks_of(img, mask, SETTINGS)
    rim = rim_weights(specks, 2)
    copies = best_copies(specks, rim, SETTINGS)
    top, left = specks.first[0].tolist()
    costs = {}
    for dy in range(-5, 6):
        for dx in range(-5, 6):
            y, x = top + dy, left + dx
            there, known = (
                z[:, y:y + 7, x:x + 7] for z in (img, 1 - mask))
            square = (there - img[:, top:top + 7, left:left + 7]).square()
            differ = square.sum(0, keepdim=True).where(
                known > 0, torch.tensor(UNKNOWN))
            costs[dy, dx] = (differ * rim[0]).sum().item()
            whole = not (specks.own[0] * (1 - known)).any()
            i = (copies.shift[0] == torch.tensor([dy, dx])).all(1).nonzero()
            assert copies.usable[0, i.item()] == whole
            assert torch.equal(copies.img[0, :, i.item()], there)
            assert torch.equal(copies.known[0, :, i.item()], known)
    usable = copies.usable[0].sum()
    assert copies.usable[0, :usable].all() and 40 < usable < 121
    found = [costs[tuple(d)] for d in copies.shift[0, :usable].tolist()]
    assert all(a <= b + 1e-4 for a, b in zip(found, found[1:]))


def test_what_suits_nearby_counts_most():
    img, mask = torch.zeros(3, 40, 40), torch.zeros(1, 40, 40)
    img[:, :, 20:] = 1
    mask[:, 18:22, 18:22] = 1
    wide = SpeckSettings(longest=4, reach=8, rim=2, copies=17**2)
    specks, = specks_of(img * (1 - mask), mask, wide)
    rim = rim_weights(specks, 2)
    copies = best_copies(specks, rim, wide)
    # one that is all dark, one that is all bright
    dark = (copies.img[0].amax((0, 2, 3)) == 0).nonzero()[0]
    bright = (copies.img[0].amin((0, 2, 3)) == 1).nonzero()[0]
    which = torch.cat([dark, bright])
    two = copies._replace(shift=copies.shift[:, which],
                          usable=copies.usable[:, which],
                          img=copies.img[:, :, which],
                          known=copies.known[:, :, which])
    mean, there = mixed(specks, rim, two)
    assert there.all()
    assert mean[..., 2].max() < 0.2 and mean[..., 5].min() > 0.8
    none = two._replace(usable=torch.zeros_like(two.usable))
    mean, there = mixed(specks, rim, none)
    assert not mean.any() and not there.any()
