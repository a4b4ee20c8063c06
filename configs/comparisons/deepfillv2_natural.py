# MMEditing's DeepFillv2 from scratch, to compare with: the images and holes of
# tmad_natural.py, on a CPU
_base_ = '../tmad_natural.py'
# below _base_, or mmengine takes this for a config of its new kind
from mmengine.hub import get_config

from tmad_mmedit.openmmlab.host import HOST as __host

model = dict(
    _delete_=True,
    **get_config(f'{__host}::deepfillv2/'
                 'deepfillv2_8xb2_places-256x256.py').model)
train_dataloader = dict(batch_size=4)
train_cfg = dict(max_iters=20000, val_interval=2000)
param_scheduler = dict(periods=[20000], restart_weights=[1], eta_min=1e-5)
optim_wrapper = dict(
    generator=dict(
        children=['generator'], optimizer=dict(lr=4e-4, betas=(0.5, 0.9))),
    disc=dict(children=['disc'], optimizer=dict(lr=2e-4)))

val_evaluator = _base_.val_evaluator[:5]  # not those of a coarse result
test_evaluator = val_evaluator
visualizer = dict(img_keys=['input', 'pred_img', 'gt_img'])
# in bfloat16, as T-MAD was trained
custom_hooks = [*_base_.custom_hooks, dict(type='AutocastHook')]
