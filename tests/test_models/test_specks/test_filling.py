import pytest
import torch

from tmad_mmedit.models.specks.filling import fill_specks, spread
from tmad_mmedit.models.specks.settings import SpeckSettings
from tmad_mmedit.models.specks.windows import specks_of

SETTINGS = SpeckSettings()


def dusty(img, count=60, seed=0):
    """A mask of specks of 1 to 8 pixels, some of which touch."""
    generator = torch.Generator().manual_seed(seed)
    mask = torch.zeros(1, *img.shape[1:])
    for _ in range(count):
        y, x, side = (int(torch.randint(n, (), generator=generator))
                      for n in (*img.shape[1:], 8))
        mask[:, y:y + side + 1, x:x + side + 1] = 1
    return mask


def pattern(size=(120, 160)):
    """Stripes that recur every 8 pixels."""
    y, x = (torch.arange(n) for n in size)
    wave = (x % 8 < 4) ^ (y[:, None] % 8 < 2)
    return torch.stack([wave, wave, ~wave]).float() * 1.2 - 0.6


def filled(img, mask, settings=SETTINGS):
    out, done = img * (1 - mask), torch.zeros_like(mask)
    found = fill_specks(out, mask, settings)
    y, x = found.pixels.T
    out[:, y, x], done[:, y, x] = found.colours.T, 1
    return out, done, found


def test_texture_goes_on():
    img = pattern()
    mask = dusty(img, 30)
    out, done, found = filled(img, mask)
    assert done.sum() > 300 and (done <= mask).all()
    assert ((out - img) * done).abs().max() < 1e-3
    # and shifts say from where
    from_there = found.pixels + found.shift
    assert not mask[0][tuple(from_there.T)].any()
    assert torch.equal(img[:, from_there[:, 0], from_there[:, 1]],
                       img[:, found.pixels[:, 0], found.pixels[:, 1]])


def test_brightness_goes_on():
    """Copies of a slope are too dark or too bright, but for their rim."""
    img = torch.linspace(-0.9, 0.9, 100).expand(3, 100, 100)
    mask = torch.zeros(1, 100, 100)
    mask[:, 40:47, 40:47] = mask[:, 80:88, 3:8] = 1
    out, done, _ = filled(img, mask)
    assert torch.equal(done, mask)
    assert (out - img).abs().max() < 0.01


def test_each_is_the_same_alone():
    """To the bit, whatever lies outside of its window."""
    img = torch.rand(3, 120, 160) * 2 - 1
    mask = dusty(img)
    out, done, _ = filled(img, mask)
    count = 0
    for specks in specks_of(img, mask, SETTINGS):
        side = specks.known.shape[-1]
        for first, own in zip(specks.first - SETTINGS.reach, specks.own):
            top, left = first.clamp(min=0).tolist()
            bottom, right = (first + side).tolist()
            near = torch.zeros_like(mask)
            near[:, top:bottom, left:right] = 1
            one, _, _ = filled(img, mask * near)
            _, y, x = own.nonzero().T
            y, x = y + first[0] + SETTINGS.reach, x + first[1] + SETTINGS.reach
            assert torch.equal(one[:, y, x], out[:, y, x])
            count += len(y)
    assert count >= done.sum() > 300


def test_turned_pictures_are_filled_alike():
    """Independent of the order in which specks come."""
    img = torch.nn.functional.avg_pool2d(torch.rand(3, 124, 164), 5, 1)
    mask = dusty(img)
    out, done, _ = filled(img, mask)
    turned, _, _ = filled(img.flip(1, 2), mask.flip(1, 2))
    # specks of even size have no middle pixel; windows are whole all the same
    assert (turned.flip(1, 2) - out).abs().max() < 1e-3


def test_other_holes_are_neither_shown_nor_filled():
    img = pattern()
    mask = torch.zeros(1, 120, 160)
    mask[:, 30:36, 30:36] = 1
    mask[:, 20:90, 40:80] = 1
    img = img.where(mask == 0, torch.tensor(9.))
    out, done, _ = filled(img, mask)
    assert done.sum() == 36 and done[:, 30:36, 30:36].all()
    assert (out[:, 30:36, 30:36] - pattern()[:, 30:36, 30:36]
            ).abs().max() < 1e-3


@pytest.mark.parametrize('size', [(8, 8), (9, 30), (1, 7), (3, 3)])
def test_where_nothing_is_known_nothing_is_filled(size):
    mask = torch.ones(1, *size)
    _, done, _ = filled(torch.zeros(3, *size), mask)
    assert not done.any()
    mask[..., -1] = 0
    out, done, _ = filled(torch.zeros(3, *size), mask)
    assert out.isfinite().all()


def test_flat_stays_flat():
    img = torch.full((3, 60, 60), 0.37)
    out, done, _ = filled(img, dusty(img, 20))
    assert ((out - img) * done).abs().max() < 1e-5


def test_half_precision_does_not_reach_it():
    img, mask = pattern((60, 60)), dusty(pattern((60, 60)), 8)
    with torch.autocast('cpu', torch.bfloat16):
        half = fill_specks(img * (1 - mask), mask, SETTINGS)
    whole = fill_specks(img * (1 - mask), mask, SETTINGS)
    assert all(torch.equal(a, b) for a, b in zip(half, whole))


def test_a_membrane_is_the_mean_of_its_neighbours():
    own, rim = torch.zeros(1, 1, 12, 12), torch.ones(1, 1, 12, 12)
    own[..., 1:11, 1:11] = 1
    own[..., 4, 4] = 0
    rim = rim - own
    rim[..., 0] = 0  # a side of which nothing is known
    values = torch.rand(1, 3, 12, 12) * rim
    made = spread(values, rim, own)
    assert torch.equal(made * (1 - own), values)
    use = torch.nn.functional.pad(own + rim, (1, 1, 1, 1))
    wide = torch.nn.functional.pad(made, (1, 1, 1, 1))
    around = [(0, 1), (2, 1), (1, 0), (1, 2)]
    total, count = (sum(x[..., i:i + 12, j:j + 12] for i, j in around)
                    for x in (wide, use))
    assert ((total / count.clamp(min=1) - made) * own).abs().max() < 1e-4
