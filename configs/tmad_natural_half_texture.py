# For a CPU, last of four parts, after tmad_natural_half.py: PSNet alone, for
# more texture. Departures from the paper: L1 asks for the shading only; a plain
# patch GAN (the paper's Table VI), for it learns texture sooner; a narrow image
# discriminator, which is most of the time otherwise.
_base_ = 'tmad_natural_half.py'

# tmad export work_dirs/tmad_natural_half/iter_1400.pth -o ...: without its
# discriminators, of which one has another width here
load_from = 'work_dirs/tmad_natural_half.pth'

model = dict(
    coarse_cfg=dict(frozen=True),
    loss_coarse_hole=None,
    loss_coarse_valid=None,
    patch_disc=dict(blur=5, gain=8.),
    image_disc=dict(max_channels=64),
    loss_patch_l1=dict(_delete_=True, type='TwoBandL1Loss', blur=5),
    loss_patch_dist=dict(loss_weight=0.12, relativistic=False))
train_cfg = dict(max_iters=1000)
param_scheduler = dict(periods=[1000])
optim_wrapper = dict(
    generator=dict(
        children=['retriever', 'psnet'], paramwise_cfg=dict(_delete_=True)),
    disc=dict(optimizer=dict(lr=3e-4)))
