# A CPU trains this in about two minutes, on the project's own photographs. It
# shows that everything runs; to paint well, it is far too short.
_base_ = 'tmad_places.py'

input_shape = (128, 128)
_scale = dict(_base_.train_pipeline[2], scale=input_shape)
_mask = dict(
    type='LoadMask',
    mask_mode='bbox',
    mask_config=dict(
        img_shape=input_shape, max_bbox_shape=(64, 64), min_margin=8))

train_pipeline = _base_.train_pipeline
train_pipeline[1:4] = [
    dict(type='Crop', keys=['gt'], crop_size=(192, 192), random_crop=True),
    _scale,
    dict(type='Flip', keys=['gt'], direction='horizontal'), _mask
]
val_pipeline = _base_.val_pipeline
val_pipeline[1:4] = [
    dict(type='Crop', keys=['gt'], crop_size=(256, 256), random_crop=False),
    _scale,
    dict(type='Seeded', transforms=[_mask])
]

_photos = dict(data_root='demo/photos', data_prefix=dict(gt=''), ann_file='')
train_dataloader = dict(
    num_workers=0, dataset=dict(**_photos, pipeline=train_pipeline))
val_dataloader = dict(
    num_workers=0, dataset=dict(**_photos, pipeline=val_pipeline))
test_dataloader = val_dataloader

model = dict(
    training=dict(loss_patch_percep=None),  # VGG-19 would be a download
    train_cfg=dict(pretrain_iters=60, patches_per_image=9))
train_cfg = dict(max_iters=90, val_interval=30)
param_scheduler = dict(periods=[60, 30], restart_weights=[1, 1])
optim_wrapper = dict(generator=dict(optimizer=dict(lr=1e-3)))
default_hooks = dict(logger=dict(interval=10), checkpoint=dict(interval=30))
custom_hooks = [dict(type='BasicVisualizationHook', interval=1)]
