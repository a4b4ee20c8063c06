from typing import NamedTuple, Optional

import torch
import torch.nn.functional as F
from mmedit.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn

from .blocks import conv
from .straight_through import (own_memory, straight_through_top_k,
                               weighted_sum)
from .texture_memory import TextureMemory, texture_memory


class Retrieval(NamedTuple):
    """What the retriever found for P queries.

    Attributes:
        textures (Tensor): t, (P, K, C, s, s), best first.
        rank (Tensor): (P, K), where they stand in the memory.
        weights (Tensor): a, (P, M).
        memory (TextureMemory): What was searched.
    """
    textures: Tensor
    rank: Tensor
    weights: Tensor
    memory: TextureMemory


@MODELS.register_module()
class TextureMemoryRetriever(BaseModule):
    """Finds the most similar real patches of the same image (Sec. III-B).

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
                 embed_channels: int = 32) -> None:
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

    @staticmethod
    def _embedding(in_channels: int, channels: int) -> nn.Sequential:
        return nn.Sequential(
            conv(in_channels, channels, stride=2),
            conv(channels, channels, stride=2))

    def forward(self,
                query: Tensor,
                image: Tensor,
                masked_img: Tensor,
                mask: Tensor,
                generator: Optional[torch.Generator] = None,
                memory: Optional[TextureMemory] = None) -> Retrieval:
        """Retrieve K textures for each query.

        Args:
            query (Tensor): Patches of I_comp, (P, C, s, s).
            image (Tensor): (P, ), the image each query belongs to.
            masked_img (Tensor): I_m, (N, C, H, W) in [-1, 1].
            mask (Tensor): (N, 1, H, W), 1 = hole.
            generator (torch.Generator, optional): Of the memory's draw, on
                the CPU. In eval mode all images share one draw.
            memory (TextureMemory, optional): The images' memory, if it was
                drawn before, for other queries.

        Returns:
            Retrieval: K is 1 in ``weighted_sum`` mode.
        """
        if memory is None:
            memory = texture_memory(
                masked_img,
                mask,
                self.patch_size,
                self.stride,
                self.memory_size,
                generator,
                shared_draw=not self.training)
        weights = self.correspondence(query, memory.patches, image)
        if self.mode == 'weighted_sum':
            textures = weighted_sum(weights, memory.patches, image)
            rank = weights.argmax(1, keepdim=True)
        else:
            textures, rank = straight_through_top_k(
                weights, memory.patches, image, self.num_textures)
        return Retrieval(textures, rank, weights, memory)

    def correspondence(self, query: Tensor, patches: Tensor,
                       image: Tensor) -> Tensor:
        """Eq. (3), softmax over the memory of the cosine similarity.

        Args:
            query (Tensor): (P, C, s, s).
            patches (Tensor): (N, M, C, s, s).
            image (Tensor): (P, ).

        Returns:
            Tensor: a, (P, M), rows sum to 1.
        """
        theta = self.theta(query).flatten(1)
        phi = self.phi(patches.flatten(0, 1)).flatten(1)
        # half precision cannot tell the best patches of a memory apart
        with torch.autocast(query.device.type, enabled=False):
            theta = F.normalize(theta.to(patches.dtype))
            phi = F.normalize(phi.to(patches.dtype))
            similarity = own_memory(
                theta, phi.unflatten(0, patches.shape[:2]), image)
            return (similarity / self.temperature).softmax(1)
