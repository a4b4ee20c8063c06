from mmedit.models.base_archs import MultiLayerDiscriminator
from mmedit.registry import MODELS
from torch import Tensor

from ..layers.fine_band import check_blur, fine_band


@MODELS.register_module()
class TextureDiscriminator(MultiLayerDiscriminator):
    """A discriminator that sees texture only: what is left of an image without
    its blurred copy.

    Colour and shading, which a discriminator learns to tell first, stay with
    the losses that know the true ones. Not in the paper.

    Args:
        blur (int): Side of the box that blurs, odd. Defaults to 15.
        gain (float): What is left is multiplied by it, for it is small beside
            the range of an image. Defaults to 4.
        kwargs: Of MMEditing's ``MultiLayerDiscriminator``.

    Raises:
        ValueError: If blur is even.
    """

    def __init__(self,
                 *args,
                 blur: int = 15,
                 gain: float = 4.,
                 **kwargs) -> None:
        super().__init__(*args, **kwargs)
        check_blur(blur)
        self.blur = blur
        self.gain = gain

    def forward(self, x: Tensor) -> Tensor:
        """(N, C, H, W) to what the ``MultiLayerDiscriminator`` returns."""
        return super().forward(self.gain * fine_band(x, self.blur))
