# For a CPU, second of four parts: PSNet learns to paint what the coarse stage
# of tmad_natural_128.py guesses; no adversary yet
_base_ = 'tmad_natural_half.py'

load_from = 'work_dirs/tmad_natural_128/iter_3500.pth'

model = dict(
    coarse_cfg=dict(frozen=True),
    training=dict(
        patch_disc=None,
        image_disc=None,
        loss_coarse_hole=None,
        loss_coarse_valid=None,
        loss_patch_dist=None,
        loss_blending=None))
train_cfg = dict(max_iters=700)
param_scheduler = dict(periods=[700], eta_min=1e-4)
optim_wrapper = dict(
    _delete_=True,
    constructor='GroupedOptimWrapperConstructor',
    generator=dict(
        type='OptimWrapper',
        children=['retriever', 'psnet'],
        optimizer=dict(type='Adam', lr=8e-4, betas=(0.9, 0.99))))
