# For a CPU, third of four parts, after tmad_natural_128.py and
# tmad_natural_half_l1.py: everything, on 256 x 256 pixels. Departures from the
# paper: the coarse stage sees copies of half the size, as it was trained; the
# patch discriminator sees texture only, since of whole patches it learns the
# colour first and PSNet with it, to the worse; no VGG-19 loss.
_base_ = '../tmad_natural.py'

load_from = 'work_dirs/tmad_natural_half_l1/iter_700.pth'

_coarse_pixels = 128 * 128
model = dict(
    training=dict(
        patch_disc=dict(type='TextureDiscriminator'),
        loss_patch_dist=dict(loss_weight=0.05)),
    train_cfg=dict(
        pretrain_iters=0, patches_per_image=16, coarse_pixels=_coarse_pixels),
    test_cfg=dict(coarse_pixels=_coarse_pixels))
train_cfg = dict(max_iters=1400, val_interval=350)
param_scheduler = dict(periods=[1400], restart_weights=[1], eta_min=2e-5)
optim_wrapper = dict(
    generator=dict(
        optimizer=dict(lr=3e-4),
        # the coarse stage is trained already
        paramwise_cfg=dict(custom_keys=dict(coarse=dict(lr_mult=0.25)))),
    disc=dict(optimizer=dict(lr=4e-4)))
train_dataloader = dict(batch_size=2, num_workers=0)
val_dataloader = dict(num_workers=0)
test_dataloader = val_dataloader
default_hooks = dict(checkpoint=dict(interval=100))
