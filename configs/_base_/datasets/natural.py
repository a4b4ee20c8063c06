# General photographs of 256 pixels or more, rectangles and free-form holes in
# turn
_base_ = '../../tmad_places.py'

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

train_dataloader = dict(batch_size=16, dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = val_dataloader
