# Second of two: the learned correspondence, against the truth; the coarse
# stage of 1_coarse.py is frozen.
_base_ = '../tmad-coherent_natural.py'

load_from = 'work_dirs/1_coarse/iter_14000.pth'

model = dict(
    coarse_cfg=dict(frozen=True),
    training=dict(loss_coarse_hole=None, loss_coarse_valid=None),
    train_cfg=dict(pretrain_iters=0))
train_dataloader = dict(batch_size=64)
train_cfg = dict(max_iters=13700, val_interval=1000)
optim_wrapper = dict(
    generator=dict(
        children=['correspondence'],
        optimizer=dict(type='AdamW', lr=1.2e-3, weight_decay=1e-4)))
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, end=500, start_factor=0.01),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=500, end=13700,
         eta_min=1e-5)
]
custom_hooks = [*_base_.custom_hooks, dict(type='EMAHook', momentum=5e-4)]
