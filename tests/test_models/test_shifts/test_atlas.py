import torch

from tmad_mmedit.models.ops.window import Window, hole_window
from tmad_mmedit.models.shifts.atlas import MARGIN, Atlas, Tiles


def picture(height=40, width=50):
    img = torch.rand(3, height, width, generator=torch.manual_seed(0))
    mask = torch.zeros(1, height, width)
    mask[:, 15:25, 20:30] = 1
    return img * (1 - mask), mask


def entry(right, down):
    return torch.tensor([[1., 0, right], [0, 1, down], [0, 0, 1]]).double()


def test_a_shift_into_a_tile_and_a_little_more_is_split_and_joined():
    tiles = Tiles.beside(Window(5, 25, 10, 40), 100, 3)
    into = tiles.shifts()
    assert into[:, 0].tolist() == [0, 0, 0]
    assert (into[1:, 1] - into[:-1, 1]).tolist() == [30 + MARGIN] * 2
    own = torch.tensor([[-24, 99], [19, -99]])
    shift = torch.cat([own, into + torch.tensor([3, -9])]).T
    tile, rest = tiles.split(shift)
    assert tile.tolist() == [-1, -1, 0, 1, 2]
    assert rest.T.tolist() == own.tolist() + [[3, -9]] * 3
    assert torch.equal(tiles.join(tile, rest), shift)


def test_no_shift_of_the_picture_s_own_leads_into_a_tile():
    img, mask = picture()
    atlas = Atlas.of(img, mask, None, mask, entry(0, 12)[None])
    assert mask.shape[2] - 1 + mask.shape[2] - 1 < atlas.tiles.first
    assert atlas.mask[..., mask.shape[2]:atlas.tiles.first].all()


def test_a_tile_shows_its_entry_where_that_is_known():
    img, mask = picture()
    atlas = Atlas.of(img, mask, None, mask, torch.stack(
        [entry(14, 0), entry(-2, 12)]))
    hole = hole_window(mask[None])
    for (down, right), (dy, dx) in zip(
            atlas.tiles.shifts().tolist(), ((0, 14), (12, -2))):
        seen = hole.moved(down, right)
        assert torch.allclose(seen.cut(atlas.img),
                              hole.moved(dy, dx).cut(img), atol=1e-5)
        assert not seen.cut(atlas.mask).any()
        origin = seen.cut(atlas.origin)
        assert torch.allclose(origin[:, 0, 0], torch.tensor(
            [15. + dy, 20. + dx]))


def test_what_is_hole_or_barred_or_outside_is_not_in_a_tile():
    img, mask = picture()
    barred = mask.clone()
    barred[:, :, 40:] = 1
    atlas = Atlas.of(img, mask, barred, mask, torch.stack(
        [entry(5, 0), entry(0, 20), entry(15, 0)]))
    hole = hole_window(mask[None])
    lost = [hole.moved(*d).cut(atlas.barred)[0]
            for d in atlas.tiles.shifts().tolist()]
    # two pixels beside the hole lie within reach of cubic interpolation
    assert lost[0][:, :7].all() and not lost[0][:, 7:].any()
    assert not lost[1][:5].any() and lost[1][5:].all()
    assert not lost[2][:, :3].any() and lost[2][:, 3:].all()
    assert (atlas.img * atlas.mask == 0).all()


def test_shifts_into_tiles_lead_to_the_nearest_pixel_of_the_picture():
    img, mask = picture()
    atlas = Atlas.of(img, mask, None, mask, entry(14.3, 0.6)[None])
    window = hole_window(mask[None])
    into = atlas.tiles.shifts()[0] + torch.tensor([0, 1])
    shift = into[:, None, None].expand(2, 10, 10).clone()
    shift[:, 0, 0] = torch.tensor([0, 0])
    shift[:, 0, 1] = torch.tensor([-9, 4])
    found = atlas.nearest(shift, window)
    assert found[:, 0, 0].tolist() == [0, 0]
    assert found[:, 0, 1].tolist() == [-9, 4]
    assert found[:, 5, 5].tolist() == [1, 15]


def test_the_networks_are_asked_about_what_a_tile_shows():
    img, mask = picture()
    atlas = Atlas.of(img, mask, None, mask, entry(14, 3)[None])
    shifts = torch.stack([torch.tensor([-9, 4]), atlas.tiles.shifts()[0]])
    found = atlas.in_picture(torch.tensor([18.5]), torch.tensor([22.5]),
                             shifts[None])
    assert torch.allclose(found, torch.tensor([[[-9., 4], [3, 14]]]))
