# DeepFillv1, frozen, and PSNet over it: CelebA-HQ, rectangular holes
_base_ = 'tmad_celeba-hq.py'
# below _base_, or mmengine takes this for a config of its new kind
from mmengine.hub import get_config

model = dict(
    coarse=dict(
        _delete_=True,
        **get_config('mmedit::deepfillv1/'
                     'deepfillv1_4xb4_celeba-256x256.py').model),
    coarse_cfg=dict(
        frozen=True,
        checkpoint='https://download.openmmlab.com/mmediting/inpainting/'
        'deepfillv1/deepfillv1_256x256_4x4_celeba_20200619-dd51a855.pth'),
    train_cfg=dict(pretrain_iters=0))
# paper
train_cfg = dict(max_iters=10000)
param_scheduler = dict(periods=[10000], restart_weights=[1])
