# DeepFillv2 of deepfillv2_natural.py, frozen, under coherent inpainting
_base_ = '../tmad-coherent_natural.py'
# below _base_, or mmengine takes this for a config of its new kind
from mmengine.hub import get_config

from tmad_mmedit.openmmlab.host import HOST as __host

model = dict(
    coarse=dict(
        _delete_=True,
        **get_config(f'{__host}::deepfillv2/'
                     'deepfillv2_8xb2_places-256x256.py').model),
    coarse_cfg=dict(
        frozen=True,
        checkpoint='work_dirs/deepfillv2_natural/iter_20000.pth'),
    training=dict(loss_coarse_hole=None, loss_coarse_valid=None),
    train_cfg=dict(pretrain_iters=0, coarse_pixels=None),
    test_cfg=dict(coarse_pixels=1024 * 1024))
optim_wrapper = dict(generator=dict(children=['correspondence']))
