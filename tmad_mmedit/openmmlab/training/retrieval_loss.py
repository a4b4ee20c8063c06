import torch
from mmengine.registry import MODELS
from torch import Tensor, nn

from ..features import EfficientNetLite
from ..features.perceptual_distance import unit


@MODELS.register_module()
class RetrievalLoss(nn.Module):
    """Trains theta and phi of Eq. (3) against the truth; not in the paper.

    In training the truth of a patch is known, and with it how far every patch
    of the memory is from it. The a of Eq. (3) are to be the softmax of these
    distances' negatives. Eq. (5) alone tells a retriever little else than to
    choose what is flat: a texture that is right but for its phase raises L1.

    >>> patches = torch.rand(2, 3, 32, 32)
    >>> image = torch.zeros(2, dtype=torch.long)
    >>> RetrievalLoss().distances(patches[None], patches, image).shape
    torch.Size([2, 2])

    Args:
        loss_weight (float): Defaults to 1.
        temperature (float): Of the targets. Defaults to 0.04.
        version (int): Of the :class:`EfficientNetLite` by whose features, of
            unit length at each depth, patches are compared. Defaults to 0.

    Raises:
        ImportError: If the network is not installed.
    """

    def __init__(self,
                 loss_weight: float = 1.,
                 temperature: float = 0.04,
                 version: int = 0) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.temperature = temperature
        self._features = (EfficientNetLite(version), )  # a tuple: no child

    def _apply(self, fn, *args, **kwargs):
        self._features[0]._apply(fn, *args, **kwargs)
        return super()._apply(fn, *args, **kwargs)

    def forward(self, weights: Tensor, memory: Tensor, gt_patches: Tensor,
                hole: Tensor, image: Tensor) -> Tensor:
        """Return the cross-entropy, a mean over the hole's pixels.

        Args:
            weights (Tensor): a, (P, M).
            memory (Tensor): (N, M, 3, s, s) in [-1, 1].
            gt_patches (Tensor): (P, 3, s, s).
            hole (Tensor): Of the same patches, (P, 1, s, s), 1 = hole.
            image (Tensor): (P, ), the image each patch belongs to.

        Returns:
            Tensor: A scalar.
        """
        share = hole.mean((1, 2, 3))
        distance = self.distances(memory, gt_patches, image)
        target = (-distance / self.temperature).softmax(1)
        entropy = -(target * weights.clamp(min=1e-12).log()).sum(1)
        return self.loss_weight * (share * entropy).sum() / share.sum().clamp(
            min=1e-6)

    @torch.no_grad()
    def distances(self, memory: Tensor, gt_patches: Tensor,
                  image: Tensor) -> Tensor:
        """Return how far every patch is from every one of its own memory,
        (P, M): the mean over the depths of the squared difference of the
        features."""
        n, m = memory.shape[:2]
        maps = self._features[0](
            (torch.cat([memory.flatten(0, 1), gt_patches]) + 1) / 2)
        similarity = 0
        for x in maps:
            x = unit(x.float()).flatten(1) / x[0, 0].numel()**0.5
            known, true = x.split([n * m, len(gt_patches)])
            similarity = similarity + torch.einsum(
                'pd,pmd->pm', true, known.unflatten(0, (n, m))[image])
        return 2 - 2 * similarity / len(maps)
