# Figure 10: tested with squares of 128 x 128 pixels, at random places
_base_ = '../tmad_places.py'

val_pipeline = _base_.val_pipeline
val_pipeline[3] = dict(
    type='Seeded',
    transforms=[
        dict(
            type='LoadMask',
            mask_mode='bbox',
            mask_config=dict(
                img_shape=_base_.input_shape,
                max_bbox_shape=(128, 128),
                max_bbox_delta=0))
    ])
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = val_dataloader
