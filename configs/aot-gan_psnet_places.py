# AOT-GAN, frozen, and PSNet over it: Places, free-form holes. MMEditing trains
# it on RGB images.
_base_ = '_base_/psnet/places_irregular.py'
# below _base_, or mmengine takes this for a config of its new kind
from mmengine.hub import get_config

from tmad_mmedit.openmmlab.host import HOST as __host

__its = get_config(
    f'{__host}::aot_gan/aot-gan_smpgan_4xb4_places-512x512.py',
    pretrained=True)
model = dict(
    coarse=__its.model,
    coarse_cfg=dict(
        channel_order='RGB', checkpoint=__its.model_path))
