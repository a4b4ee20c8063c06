import torch

from tmad_mmedit.models.ops.blocks import UpBlock
from tmad_mmedit.models.ops.window import Window, whole
from tmad_mmedit.models.ops.windowed import (
    window_of_block,
    window_of_output,
    windows_needed,
)

PLACES = Window(13, 18, 21, 22), Window(0, 4, 45, 48), Window(0, 40, 0, 48)


def test_a_window_of_an_up_block_is_cut_from_all_of_it():
    block, x = UpBlock(3, 2), torch.randn(1, 3, 20, 24)
    for window in PLACES:
        assert torch.allclose(
            window_of_block(block, x, window),
            window.cut(block(x)),
            atol=1e-6)


def test_a_window_of_all_blocks_is_cut_from_all_they_make():
    blocks = torch.nn.Sequential(UpBlock(3, 2), UpBlock(2, 4))
    conv_out = torch.nn.Conv2d(4, 5, 3, padding=1)
    x = torch.randn(2, 3, 10, 12)
    made = blocks(x)
    for window in PLACES:
        windows = windows_needed(window, whole(made), 2)
        ours = window_of_output(blocks, conv_out, windows[0].cut(x), windows,
                                window)
        assert torch.allclose(ours, window.cut(conv_out(made)), atol=1e-6)
