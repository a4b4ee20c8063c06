"""MMEditing's inpaintors, as far as T-MAD has to know them."""
from typing import NamedTuple, Optional

from torch import nn


class Network(NamedTuple):
    """What the network of an inpaintor asks for.

    Attributes:
        multiple (int): What a side must be a multiple of.
        least (int): A side's least length.
        inpaintors (tuple[str]): Those of MMEditing that hand it image and mask
            as it takes them; none where any may.
    """
    multiple: int
    least: int
    inpaintors: tuple[str, ...] = ()


# By the type of the network, or of an inpaintor without one (mmagic issue
# 1945)
NETWORKS = dict(
    TMADCoarseNet=Network(8, 8, ('OneStageInpaintor', )),
    GLEncoderDecoder=Network(4, 4, ('OneStageInpaintor', 'GLInpaintor')),
    DeepFillEncoderDecoder=Network(  # reflects 16 at a quarter of its size
        8, 72, ('TwoStageInpaintor', 'DeepFillv1Inpaintor')),
    PConvEncoderDecoder=Network(  # halves 7 times
        128, 128, ('PConvInpaintor', )),
    AOTEncoderDecoder=Network(  # reflects 8 at a quarter of its size
        4, 36, ('OneStageInpaintor', 'AOTInpaintor')),
    TMADInpaintor=Network(1, 1),
    CoherentInpaintor=Network(1, 1))
OTHERS = Network(8, 8)
KNOWN_INPAINTORS = {
    name
    for network in NETWORKS.values() for name in network.inpaintors
}


def network_of(inpaintor: nn.Module) -> nn.Module:
    """What an inpaintor estimates with; itself, where it does so alone."""
    return getattr(inpaintor, 'generator', inpaintor)


def margins(inpaintor: nn.Module,
            sides: tuple[int, int],
            divisor: Optional[int] = None) -> tuple[int, int]:
    """What an image must grow by, for an inpaintor to take it.

    Args:
        inpaintor (nn.Module): One of MMEditing's, or T-MAD.
        sides (tuple[int, int]): Height and width of the image.
        divisor (int, optional): What the sides must be multiples of, if it is
            not what the inpaintor's type is known to need.

    Returns:
        tuple[int, int]: Rows to add below, columns to add at the right.
    """
    name = type(network_of(inpaintor)).__name__
    multiple, least, _ = NETWORKS.get(name, OTHERS)
    multiple = divisor or multiple
    below, right = (
        max(side, least) + -max(side, least) % multiple - side
        for side in sides)
    return below, right


def check_network(inpaintor: nn.Module) -> None:
    """MMEditing's inpaintors hand image and mask to their networks in
    different ways; those that are known must go together.

    Raises:
        ValueError: If they do not.
    """
    name = type(inpaintor).__name__
    network = type(network_of(inpaintor)).__name__
    takers = NETWORKS.get(network, OTHERS).inpaintors
    if takers and name in KNOWN_INPAINTORS and name not in takers:
        raise ValueError(
            f'coarse={name!r} does not hand image and mask over as its '
            f'network, {network}, takes them: that is for '
            f'{" or ".join(takers)}; take both from the config of one '
            'MMEditing inpaintor.')
