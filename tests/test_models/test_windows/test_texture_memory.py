import torch

from tmad_mmedit.models.windows.texture_memory import (
    texture_memory,
    window_starts,
)

IMAGE = torch.arange(2 * 3 * 12 * 10.).view(2, 3, 12, 10)


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def hole(top, left, height, width):
    mask = torch.zeros(2, 1, 12, 10)
    mask[:, :, top:top + height, left:left + width] = 1
    return mask


def test_windows_reach_the_border():
    assert window_starts(10, 4, 4, 'cpu').tolist() == [0, 4, 6]
    assert window_starts(8, 4, 4, 'cpu').tolist() == [0, 4]
    assert window_starts(4, 4, 4, 'cpu').tolist() == [0]


def test_patches_are_windows_of_the_image_bit_for_bit():
    memory = texture_memory(IMAGE, hole(0, 0, 3, 3), 4, 2, 6, seeded())
    assert memory.patches.shape == (2, 6, 3, 4, 4)
    for n in range(2):
        for m in range(6):
            top, left = memory.top[n, m], memory.left[n, m]
            assert torch.equal(memory.patches[n, m],
                               IMAGE[n, :, top:top + 4, left:left + 4])


def test_no_hole_pixel_while_there_are_enough_valid_windows():
    mask = hole(4, 4, 4, 4)
    memory = texture_memory(IMAGE * (1 - mask), mask, 4, 2, 8, seeded())
    in_hole = texture_memory(mask.expand(2, 3, 12, 10), mask, 4, 2, 8,
                             seeded())
    assert memory.hole.sum() == 0 and in_hole.patches.sum() == 0
    # drawn without replacement
    assert all(
        len(set(zip(top.tolist(), left.tolist()))) == 8
        for top, left in zip(memory.top, memory.left))


def test_the_least_masked_windows_top_up_the_valid_ones():
    mask = hole(0, 0, 12, 6)  # valid: the right hand column of windows
    memory = texture_memory(IMAGE * (1 - mask), mask, 4, 2, 10, seeded())
    assert memory.hole[0].tolist() == [0] * 5 + [8] * 5
    assert set(memory.left[0].tolist()) == {4, 6}


def test_no_known_window_still_gives_a_memory():
    mask = torch.ones(1, 1, 12, 10)
    mask[..., 11, 9] = 0  # in the window at the border only
    image = IMAGE[:1] * (1 - mask)
    memory = texture_memory(image, mask, 4, 4, 5, seeded())
    assert memory.hole[0, 0] == 15
    assert torch.equal(memory.patches[0, 0], image[0, :, 8:, 6:])


def test_windows_repeat_where_they_are_few_and_images_may_be_tiny():
    memory = texture_memory(IMAGE[..., :3, :2], hole(0, 0, 1, 1)[..., :3, :2],
                            4, 2, 7, seeded())
    assert memory.patches.shape == (2, 7, 3, 4, 4)
    assert memory.patches.isfinite().all()
    assert torch.equal(memory.patches[:, 0], memory.patches[:, 6])


def test_a_shared_draw_does_not_depend_on_the_batch():
    mask = hole(4, 4, 4, 4)

    def draw(n):
        return texture_memory(
            IMAGE[n], mask[n], 4, 2, 4, seeded(), shared_draw=True)

    both, second = draw(slice(0, 2)), draw(slice(1, 2))
    assert torch.equal(both.patches[1:], second.patches)


def test_the_draw_is_seeded_and_random():
    mask = hole(4, 4, 4, 4)
    first, same, other = (
        texture_memory(IMAGE, mask, 4, 2, 4, seeded(s)).top for s in (0, 0, 1))
    assert torch.equal(first, same) and not torch.equal(first, other)
