# For a CPU, first of four parts: the coarse stage alone, on 128 x 128 pixels.
# The others: tmad_natural_half_l1.py, tmad_natural_half.py and
# tmad_natural_half_grain.py.
_base_ = '../tmad_natural.py'

input_shape = (128, 128)
train_pipeline = _base_.train_pipeline
train_pipeline[1].update(crop_size=input_shape, scale=(0.1, 1.0))
_rectangle, _free_form = (
    transforms[0] for transforms in train_pipeline[4]['transforms'])
_rectangle['mask_config'].update(
    img_shape=input_shape,
    max_bbox_shape=(64, 64),
    max_bbox_delta=20,
    min_margin=10)
_free_form['mask_config'].update(
    img_shape=input_shape, length_range=(10, 64), brush_width=(6, 24))
val_pipeline = _base_.val_pipeline
val_pipeline[2:3] = [
    dict(type='Resize', keys=['gt'], scale=input_shape, keep_ratio=False),
    dict(type='Seeded', transforms=[_rectangle])
]

train_dataloader = dict(
    batch_size=8, num_workers=0, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(num_workers=0, dataset=dict(pipeline=val_pipeline))
test_dataloader = val_dataloader

model = dict(train_cfg=dict(pretrain_iters=3500))
train_cfg = dict(max_iters=3500, val_interval=700)
param_scheduler = dict(periods=[3500], restart_weights=[1], eta_min=2e-5)
# without an adversary there is nothing for small betas to follow
optim_wrapper = dict(
    generator=dict(optimizer=dict(lr=6e-4, betas=(0.9, 0.99))))
default_hooks = dict(checkpoint=dict(interval=100))
