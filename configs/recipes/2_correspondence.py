# Second of two: the learned correspondence, against the truth; the coarse
# stage of 1_coarse.py is frozen.
_base_ = '../tmad-coherent_natural.py'

load_from = 'work_dirs/1_coarse/iter_40000.pth'

model = dict(
    coarse_cfg=dict(frozen=True),
    training=dict(loss_coarse_hole=None, loss_coarse_valid=None),
    train_cfg=dict(pretrain_iters=0))
train_dataloader = dict(batch_size=8)
train_cfg = dict(max_iters=30000, val_interval=2000)
optim_wrapper = dict(generator=dict(children=['correspondence']))
param_scheduler = dict(
    _delete_=True, type='LinearLR', by_epoch=False, begin=15000, end=30000,
    start_factor=1., end_factor=0.01)
custom_hooks = [
    *_base_.custom_hooks, dict(type='EMAHook', momentum=1e-3)
]
