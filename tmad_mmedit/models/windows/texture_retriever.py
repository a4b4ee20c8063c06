from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from ..ops.blocks import Conv
from ..ops.cells import Cells
from .straight_through import own_memory, straight_through_top_k, weighted_sum
from .texture_memory import TextureMemory, texture_memory


class Retrieval(NamedTuple):
    """What a retriever found for P queries.

    Attributes:
        textures (Tensor): t, (P, K, C, s, s), best first.
        rank (Tensor): (P, K), where they stand in the memory, or (P, 0), if
            they are no windows of it.
        place (Tensor): (P, K, 2), row and column in the image of each
            texture's first pixel, or (P, 0, 2).
        weights (Tensor): a, (P, M).
    """
    textures: Tensor
    rank: Tensor
    place: Tensor
    weights: Tensor


class TextureMemoryRetriever(nn.Module):
    """Finds the most similar real patches of the same image (Sec. III-B).

    What is to be searched is remembered first and held by whoever asks, so
    that any number of queries, in any number of calls, find the same:

        memory = retriever.remember(masked_img, mask, generator)
        textures, rank, place, weights = retriever(query, memory, cells)

    Another retriever takes its place if it answers these two calls and has
    ``patch_size`` and ``num_textures``.

    >>> retriever = TextureMemoryRetriever(patch_size=8, memory_size=9)
    >>> memory = retriever.remember(
    ...     torch.rand(1, 3, 64, 64), torch.zeros(1, 1, 64, 64))
    >>> at = Cells(*torch.zeros(3, 5, dtype=torch.long))
    >>> retriever(torch.rand(5, 3, 8, 8), memory, at).textures.shape
    torch.Size([5, 4, 3, 8, 8])

    Args:
        patch_size (int): s. Defaults to 32.
        stride (int): Of the memory's windows, s/2 for rectangular and s/4 for
            free-form holes. Defaults to 16.
        memory_size (int): M. Defaults to 100.
        top_k (int): K. Defaults to 4.
        mode (str): ``top_k``, Eq. (4), or ``weighted_sum``, the ablation's
            W-Sum, which gives one soft texture. Defaults to ``top_k``.
        temperature (float): tau of the softmax. Defaults to 1.
        in_channels (int): C. Defaults to 3.
        embed_channels (int): Of the two embeddings. Defaults to 32.
        begin_alike (bool): phi begins as a copy of theta, so that what is
            found is similar from the first iteration on. Not the paper's.
            Defaults to False.

    Raises:
        ValueError: For an unknown mode, K > M or a patch size that the
            embeddings cannot halve twice.
    """

    def __init__(self,
                 patch_size: int = 32,
                 stride: int = 16,
                 memory_size: int = 100,
                 top_k: int = 4,
                 mode: str = 'top_k',
                 temperature: float = 1.,
                 in_channels: int = 3,
                 embed_channels: int = 32,
                 begin_alike: bool = False) -> None:
        super().__init__()
        if mode not in ('top_k', 'weighted_sum'):
            raise ValueError(
                f"retriever mode {mode!r} is unknown: use 'top_k' (Eq. 4) or "
                "'weighted_sum' (the ablation).")
        if not 1 <= top_k <= memory_size:
            raise ValueError(
                f'top_k={top_k} patches cannot be retrieved from a memory of '
                f'memory_size={memory_size}: choose 1 <= top_k <= '
                'memory_size.')
        if patch_size % 4 or stride < 1:
            raise ValueError(
                f'patch_size={patch_size}, stride={stride}: the patch size '
                'must be a multiple of 4 (two halvings), the stride positive.')
        self.patch_size = patch_size
        self.stride = stride
        self.memory_size = memory_size
        self.mode = mode
        self.temperature = temperature
        self.num_textures = top_k if mode == 'top_k' else 1
        self.theta = self._embedding(in_channels, embed_channels)
        self.phi = self._embedding(in_channels, embed_channels)
        if begin_alike:
            self.phi.load_state_dict(self.theta.state_dict())

    @staticmethod
    def _embedding(in_channels: int, channels: int) -> nn.Sequential:
        return nn.Sequential(
            Conv(in_channels, channels, stride=2),
            Conv(channels, channels, stride=2))

    def remember(self,
                 masked_img: Tensor,
                 mask: Tensor,
                 generator: Optional[torch.Generator] = None,
                 shared_draw: bool = False) -> TextureMemory:
        """Draw the windows of each image and embed them, once.

        Args:
            masked_img (Tensor): I_m, (N, C, H, W) in [-1, 1].
            mask (Tensor): (N, 1, H, W), 1 = hole.
            generator (torch.Generator, optional): Of the draw, on the CPU.
            shared_draw (bool): See :func:`texture_memory`.

        Returns:
            TextureMemory: With its keys.
        """
        memory = texture_memory(masked_img, mask, self.patch_size,
                                self.stride, self.memory_size, generator,
                                shared_draw)
        patches = memory.patches
        keys = unit(self.phi(patches.flatten(0, 1)), patches.dtype)
        return memory._replace(keys=keys.unflatten(0, patches.shape[:2]))

    def forward(self, query: Tensor, memory: TextureMemory,
                cells: Cells) -> Retrieval:
        """Retrieve K textures for each query.

        Args:
            query (Tensor): Patches of I_comp, (P, C, s, s).
            memory (TextureMemory): From :meth:`remember`.
            cells (Cells): Where the queries lie, P of them.

        Returns:
            Retrieval: K is 1 in ``weighted_sum`` mode.
        """
        patches, image = memory.patches, cells.image
        weights = self.correspondence(query, memory, image)
        if self.mode == 'weighted_sum':
            textures = weighted_sum(weights, patches, image)
            rank = image.new_empty(len(image), 0)
        else:
            textures, rank = straight_through_top_k(weights, patches, image,
                                                    self.num_textures)
        own = image[:, None]
        place = torch.stack([memory.top[own, rank], memory.left[own, rank]],
                            -1)
        return Retrieval(textures, rank, place, weights)

    def correspondence(self, query: Tensor, memory: TextureMemory,
                       image: Tensor) -> Tensor:
        """Eq. (3), softmax over the memory of the cosine similarity.

        Args:
            query (Tensor): (P, C, s, s).
            memory (TextureMemory): Of N images, with its keys.
            image (Tensor): (P, ).

        Returns:
            Tensor: a, (P, M), rows sum to 1.
        """
        keys = memory.keys
        assert keys is not None  # remember() embeds them
        theta = unit(self.theta(query), keys.dtype)
        # half precision cannot tell the best patches of a memory apart
        with torch.autocast(query.device.type, enabled=False):
            similarity = own_memory(theta, keys, image)
            return (similarity / self.temperature).softmax(1)


def unit(x: Tensor, dtype: torch.dtype) -> Tensor:
    """Return features (P, ...) as vectors of length 1, (P, D), in
    ``dtype``."""
    with torch.autocast(x.device.type, enabled=False):
        return F.normalize(x.flatten(1).to(dtype))
