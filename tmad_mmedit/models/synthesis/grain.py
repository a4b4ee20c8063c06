from torch import Tensor, nn

from ..layers.fine_band import check_blur, fine_band


class GrainSkip(nn.Module):
    """Lays the grain of real textures over a painted patch.

    Not in the paper. Its skips end at s/2, so that whatever is finer has to
    come out of CARAFE's kernels, and long before a network learns to copy it
    invents a weave of its own. Here the grain comes as it is, with its
    contrast evened, and the network says how strong it is where.

    Args:
        in_channels (int): C, of the features.
        num_textures (int): K.
        blur (int): Side of the box, odd, that parts the grain from the rest.
            Defaults to 3.
        strength (float): Of the most similar texture before training; of the
            others it is 0. Defaults to 0.44.

    Raises:
        ValueError: If blur is even.
    """

    # One grey level of 255: fainter grain is noise, and not lifted further
    FLOOR = 0.01

    def __init__(self,
                 in_channels: int,
                 num_textures: int,
                 blur: int = 3,
                 strength: float = 0.44) -> None:
        super().__init__()
        check_blur(blur)
        self.blur = blur
        self.strengths = nn.Conv2d(in_channels, num_textures, 1)
        for weights in self.strengths.parameters():
            nn.init.zeros_(weights)
        nn.init.constant_(self.strengths.bias[:1], strength)

    def forward(self, features: Tensor, textures: Tensor) -> Tensor:
        """The grain for a patch.

        Args:
            features (Tensor): (P, C, s, s).
            textures (Tensor): (P, K, 3, s, s), in [-1, 1].

        Returns:
            Tensor: (P, 3, s, s).
        """
        grain = fine_band(textures.flatten(0, 1), self.blur)
        # the root lifts what is faint and holds down edges, which belong to
        # the textures' things and not to their surface
        grain = grain / (grain.abs() + self.FLOOR).sqrt()
        strengths = self.strengths(features).unsqueeze(2)
        return (strengths * grain.view_as(textures)).sum(1)
