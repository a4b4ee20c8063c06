# AOT-GAN, frozen, and PSNet over it: Places, free-form holes. MMEditing trains
# it on RGB images.
_base_ = 'tmad_places_irregular.py'
# below _base_, or mmengine takes this for a config of its new kind
from mmengine.hub import get_config

model = dict(
    coarse=dict(
        _delete_=True,
        **get_config('mmedit::aot_gan/'
                     'aot-gan_smpgan_4xb4_places-512x512.py').model),
    coarse_cfg=dict(
        frozen=True,
        channel_order='RGB',
        checkpoint='https://download.openmmlab.com/mmediting/inpainting/'
        'aot_gan/AOT-GAN_512x512_4x12_places_20220509-6641441b.pth'),
    train_cfg=dict(pretrain_iters=0))
# paper
train_cfg = dict(max_iters=10000)
param_scheduler = dict(periods=[10000], restart_weights=[1])
