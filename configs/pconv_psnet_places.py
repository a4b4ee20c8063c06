# PConv, frozen, and PSNet over it: Places, free-form holes
_base_ = '_base_/psnet/places_irregular.py'
# below _base_, or mmengine takes this for a config of its new kind
from mmengine.hub import get_config

from tmad_mmedit.openmmlab.host import HOST as __host

__its = get_config(
    f'{__host}::partial_conv/pconv_stage2_4xb2_places-256x256.py',
    pretrained=True)
model = dict(
    coarse=__its.model,
    coarse_cfg=dict(checkpoint=__its.model_path))
