# DeepFillv1, frozen, and PSNet over it: CelebA-HQ, rectangular holes
_base_ = '_base_/psnet/celeba-hq.py'
# below _base_, or mmengine takes this for a config of its new kind
from mmengine.hub import get_config

from tmad_mmedit.openmmlab.host import HOST as __host

__its = get_config(
    f'{__host}::deepfillv1/deepfillv1_4xb4_celeba-256x256.py',
    pretrained=True)
model = dict(
    coarse=__its.model,
    coarse_cfg=dict(checkpoint=__its.model_path))
