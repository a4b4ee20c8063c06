from .hole_psnr import HolePSNR
from .hole_ssim import HoleSSIM
from .inpainting_fid import InpaintingFID
from .inpainting_swd import InpaintingSWD
from .lpips_distance import LPIPS
from .perceptual_distance import PerceptualDistance
from .total_variation import TotalVariation

__all__ = [
    'HolePSNR', 'HoleSSIM', 'InpaintingFID', 'InpaintingSWD', 'LPIPS',
    'PerceptualDistance', 'TotalVariation'
]
