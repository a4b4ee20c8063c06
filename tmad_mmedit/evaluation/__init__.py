from .metrics import (LPIPS, HolePSNR, HoleSSIM, InpaintingFID, InpaintingSWD,
                      TotalVariation)

__all__ = [
    'HolePSNR', 'HoleSSIM', 'InpaintingFID', 'InpaintingSWD', 'LPIPS',
    'TotalVariation'
]
