# Places, free-form holes as in MMEditing's DeepFillv2 config
_base_ = 'tmad_places.py'

mask = dict(
    type='LoadMask',
    mask_mode='irregular',
    mask_config=dict(
        img_shape=_base_.input_shape,
        num_vertices=(4, 10),
        max_angle=6.0,
        length_range=(20, 128),
        brush_width=(10, 45),
        area_ratio_range=(0.15, 0.65)))
train_pipeline = _base_.train_pipeline
train_pipeline[3] = mask
val_pipeline = _base_.val_pipeline
val_pipeline[3] = dict(type='Seeded', transforms=[mask])

train_dataloader = dict(dataset=dict(pipeline=train_pipeline))
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = val_dataloader

# paper: a smaller stride for irregular holes; chosen: s/4. Eq. (1) has another
# pair of weights for them, lost in print: these are the rectangles'
model = dict(
    retriever=dict(stride=8),
    training=dict(
        loss_coarse_hole=dict(loss_weight=6.),
        loss_coarse_valid=dict(loss_weight=1.)))
