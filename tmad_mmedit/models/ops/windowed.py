"""A window of what up-blocks make, from no more than it depends on.

Both networks of T-MAD end in up-blocks and an output conv, where the maps are
largest, and of both often only a part of the result is wanted: PSNet's centre,
the coarse network's hole. These functions compute that part as the blocks one
after another would, and cut every map to what the next one looks at.
"""
from collections.abc import Iterable, Sequence

from torch import Tensor, nn

from .window import Window, whole

# Pixels of an up-block's input around a window that its output depends on: the
# two convs' 2 are 1 there, and CARAFE's 5 x 5 taps take 2 more.
REACH = 3


def windows_needed(window: Window, picture: Window,
                   blocks: int) -> list[Window]:
    """The windows of maps on which a window of the output conv depends.

    Args:
        window (Window): Of the output.
        picture (Window): All of the output.
        blocks (int): How many up-blocks precede the output conv.

    Returns:
        list[Window]: Of the input of the first block, of its output, and so
        on, to the output of the last.
    """
    windows = [window.grown(1, picture)]
    for _ in range(blocks):
        picture = picture.reduced(2)
        windows.append(windows[-1].reduced(2).grown(REACH, picture))
    return windows[::-1]


def window_of_block(block: nn.Module, x: Tensor, window: Window) -> Tensor:
    """A window of an up-block's output.

    Args:
        block (UpBlock): From C to C' channels.
        x (Tensor): (N, C, H, W).
        window (Window): h x w of the 2H x 2W pixels.

    Returns:
        Tensor: (N, C', h, w).
    """
    upsample, first, second = block.children()
    part = window.reduced(2).grown(REACH, whole(x))
    x, part = upsample(part.cut(x)), part.scaled(2)
    convolved = window.grown(2, part)
    x = second(first(convolved.seen_from(part).cut(x)))
    return window.seen_from(convolved).cut(x)


def window_of_output(blocks: Iterable[nn.Module], conv_out: nn.Module,
                     x: Tensor, windows: Sequence[Window],
                     window: Window) -> Tensor:
    """A window of ``conv_out(blocks(x))``.

    Args:
        blocks (Iterable[UpBlock]): One after another.
        conv_out (nn.Module): A 3 x 3 conv, from C' to C'' channels.
        x (Tensor): The window ``windows[0]`` of the blocks' input.
        windows (Sequence[Window]): As :func:`windows_needed` gives them.
        window (Window): h x w pixels of the output.

    Returns:
        Tensor: (N, C'', h, w).
    """
    part = windows[0]
    for block, needed in zip(blocks, windows[1:]):
        x = window_of_block(block, x, needed.seen_from(part.scaled(2)))
        part = needed
    return window.seen_from(part).cut(conv_out(x))
