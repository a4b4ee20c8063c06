from mmedit.registry import MODELS
from torch import Tensor, nn


@MODELS.register_module()
class ContextCentre(nn.Module):
    """In PSNet's place, paints what the context shows: the blended picture of
    a coherent retrieval is the result."""

    def forward(self, context: Tensor, textures: Tensor) -> Tensor:
        """Patches.

        Args:
            context (Tensor): 2s x 2s windows, (P, 3 + 1, 2s, 2s), the last
                channel their mask.
            textures (Tensor): (P, K, 3, s, s), of which only s matters.

        Returns:
            Tensor: (P, 3, s, s).
        """
        s = textures.shape[-1]
        margin = (context.shape[-1] - s) // 2
        return context[:, :-1, margin:margin + s, margin:margin + s]
