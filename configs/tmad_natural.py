# General photographs of 256 pixels or more, rectangles and free-form holes in
# turn. Departures from the paper: no VGG-19 loss, whose weights are a download
# of their own; a shorter schedule, for thousands of photographs, not millions.
_base_ = 'tmad_places.py'

_rectangle = _base_.train_pipeline[3]
_free_form = dict(
    type='LoadMask',
    mask_mode='irregular',
    mask_config=dict(
        img_shape=_base_.input_shape,
        num_vertices=(4, 10),
        max_angle=6.0,
        length_range=(20, 128),
        brush_width=(10, 45),
        area_ratio_range=(0.05, 0.4)))

train_pipeline = _base_.train_pipeline
train_pipeline[1:4] = [
    dict(
        type='RandomResizedCrop',
        keys=['gt'],
        crop_size=_base_.input_shape,
        scale=(0.3, 1.0),
        ratio=(1.0, 1.0)),
    dict(type='Flip', keys=['gt'], direction='horizontal'),
    # which the free form does not set: the samples of a batch hold the same
    dict(type='SetValues', dictionary=dict(mask_bbox=None)),
    dict(type='RandomChoice', transforms=[[_rectangle], [_free_form]])
]
val_pipeline = _base_.val_pipeline
val_pipeline[1:4] = [
    dict(
        type='Crop',
        keys=['gt'],
        crop_size=_base_.input_shape,
        random_crop=False),
    dict(type='Seeded', transforms=[_rectangle])
]

_where = dict(data_root='data/natural', ann_file='')
train_dataloader = dict(
    batch_size=16,
    dataset=dict(
        **_where, data_prefix=dict(gt='train'), pipeline=train_pipeline))
val_dataloader = dict(
    dataset=dict(**_where, data_prefix=dict(gt='val'), pipeline=val_pipeline))
test_dataloader = val_dataloader

model = dict(
    training=dict(loss_patch_percep=None),
    train_cfg=dict(pretrain_iters=40000))
train_cfg = dict(max_iters=120000, val_interval=5000)
param_scheduler = dict(periods=[40000, 80000], restart_weights=[1, 1])
optim_wrapper = dict(
    generator=dict(optimizer=dict(lr=2e-4)),
    disc=dict(optimizer=dict(lr=2e-4)))
