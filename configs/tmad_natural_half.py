# For a CPU, second half: everything, on 256 x 256 pixels, after
# tmad_natural_128.py. Departures from the paper: the coarse stage sees copies of
# half the size, as it was trained, PSNet and the discriminators the pictures
# themselves; the adversarial losses weigh more, since in so few iterations the
# paper's weights leave the patches blurred.
_base_ = 'tmad_natural.py'

load_from = 'work_dirs/tmad_natural_128/iter_3500.pth'

_coarse_pixels = 128 * 128
model = dict(
    loss_patch_dist=dict(loss_weight=0.1),
    loss_blending=dict(gan=dict(loss_weight=0.05)),
    train_cfg=dict(
        pretrain_iters=0, patches_per_image=16, coarse_pixels=_coarse_pixels),
    test_cfg=dict(coarse_pixels=_coarse_pixels))
train_cfg = dict(max_iters=1000, val_interval=250)
param_scheduler = dict(periods=[1000], restart_weights=[1], eta_min=2e-5)
optim_wrapper = dict(
    generator=dict(optimizer=dict(lr=4e-4)),
    disc=dict(optimizer=dict(lr=4e-4)))
train_dataloader = dict(batch_size=4, num_workers=0)
val_dataloader = dict(num_workers=0)
test_dataloader = val_dataloader
default_hooks = dict(checkpoint=dict(interval=100))
