import torch.nn.functional as F
from torch import Tensor, nn

from .carafe import zero_bias


class SelfAttention(nn.Module):
    """Each place looks at all others, and adds what those say that are most
    like what it asks for (Vaswani et al., 2017): (N, C, H, W) to the same
    shape. It begins as the identity.

    Args:
        channels (int): C.
        heads (int): Which attend each on its own; they share the channels.
            Defaults to 4.

    Raises:
        ValueError: If the heads cannot share the channels evenly.
    """

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        if heads < 1 or channels % heads:
            raise ValueError(f'{channels} channels came with {heads} heads: '
                             'expected a number that divides them.')
        self.heads = heads
        self.norm = nn.GroupNorm(1, channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = nn.Conv2d(channels, channels, 1)
        nn.init.zeros_(self.out.weight)
        zero_bias(self.out)

    def forward(self, x: Tensor) -> Tensor:
        # (N, 3, heads, HW, C / heads)
        qkv = self.qkv(self.norm(x)).flatten(2).unflatten(
            1, (3, self.heads, -1)).mT
        said = F.scaled_dot_product_attention(*qkv.unbind(1))
        return x + self.out(said.mT.flatten(1, 2).view(x.shape))
