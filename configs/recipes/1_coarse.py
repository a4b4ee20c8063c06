# First of two: the coarse stage alone, on 64 x 64 pixels, where it learns four
# times as many pictures an hour as on 128 x 128, and guidance needs no more.
_base_ = '../tmad-coherent_natural.py'

input_shape = (64, 64)
train_pipeline = _base_.train_pipeline
train_pipeline[1].update(crop_size=input_shape)
_rectangle, _free_form = (
    transforms[0] for transforms in train_pipeline[4]['transforms'])
_rectangle['mask_config'].update(
    img_shape=input_shape,
    max_bbox_shape=(34, 34),
    max_bbox_delta=24,
    min_margin=0)
_free_form['mask_config'].update(
    img_shape=input_shape, length_range=(4, 26), brush_width=(3, 12))
val_pipeline = _base_.val_pipeline
val_pipeline[2:3] = [
    dict(type='Resize', keys=['gt'], scale=input_shape, keep_ratio=False),
    dict(type='Seeded', transforms=[_rectangle])
]
train_dataloader = dict(batch_size=256, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = val_dataloader

model = dict(
    training=dict(
        loss_coarse_pyramid=dict(type='PyramidL1Loss'),
        loss_correspondence=None),
    train_cfg=dict(pretrain_iters=14000))
train_cfg = dict(max_iters=14000, val_interval=1000)
optim_wrapper = dict(
    generator=dict(children=['coarse'], optimizer=dict(lr=1e-3)))
param_scheduler = [
    dict(type='LinearLR', by_epoch=False, end=200, start_factor=0.01),
    dict(type='CosineAnnealingLR', by_epoch=False, begin=200, end=14000,
         eta_min=1e-5)
]
custom_hooks = [*_base_.custom_hooks, dict(type='EMAHook', momentum=5e-4)]
