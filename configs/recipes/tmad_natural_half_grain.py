# For a CPU, last of four parts, after tmad_natural_half.py: PSNet alone, with
# the grain of real textures laid over what it paints. Departures from the
# paper: the grain; its strength, which is set, since L1 would take it away and
# a discriminator in so short a time takes more than it gives; no adversary.
_base_ = 'tmad_natural_half_l1.py'

load_from = 'work_dirs/tmad_natural_half/iter_1400.pth'

# also upside down and tinted, for variety
train_pipeline = _base_.train_pipeline
train_pipeline[3:3] = [
    dict(type='Flip', keys=['gt'], direction='vertical'),
    dict(
        type='ColorJitter',
        keys=['gt'],
        channel_order='bgr',
        brightness=0.2,
        contrast=0.2,
        saturation=0.2,
        hue=0.05)
]
train_dataloader = dict(dataset=dict(pipeline=train_pipeline))

model = dict(psnet=dict(grain=dict(blur=3, strength=0.44)))
train_cfg = dict(max_iters=700)
param_scheduler = dict(periods=[700], eta_min=None, eta_min_ratio=0.025)
optim_wrapper = dict(
    generator=dict(
        optimizer=dict(lr=4e-4),
        paramwise_cfg=dict(custom_keys=dict(grain=dict(lr_mult=0)))))
