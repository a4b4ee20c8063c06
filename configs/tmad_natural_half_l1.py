# For a CPU, second of three parts: PSNet learns to paint what the coarse stage
# of tmad_natural_128.py guesses, sharper where it is sure; nothing else. The
# coarse stage sees copies of half the size, as it was trained.
_base_ = 'tmad_natural.py'

load_from = 'work_dirs/tmad_natural_128/iter_3500.pth'

_coarse_pixels = 128 * 128
model = dict(
    coarse_cfg=dict(frozen=True),
    patch_disc=None,
    image_disc=None,
    loss_coarse_hole=None,
    loss_coarse_valid=None,
    loss_patch_dist=None,
    loss_blending=None,
    train_cfg=dict(
        pretrain_iters=0, patches_per_image=16, coarse_pixels=_coarse_pixels),
    test_cfg=dict(coarse_pixels=_coarse_pixels))
train_cfg = dict(max_iters=700, val_interval=350)
param_scheduler = dict(periods=[700], restart_weights=[1], eta_min=1e-4)
optim_wrapper = dict(
    _delete_=True,
    constructor='GroupedOptimWrapperConstructor',
    generator=dict(
        type='OptimWrapper',
        children=['retriever', 'psnet'],
        optimizer=dict(type='Adam', lr=8e-4, betas=(0.9, 0.99))))
train_dataloader = dict(batch_size=2, num_workers=0)
val_dataloader = dict(num_workers=0)
test_dataloader = val_dataloader
default_hooks = dict(checkpoint=dict(interval=100))
