# Figure 10: tested with squares of 64 x 64 pixels, at random places
_base_ = 'mask-128.py'

val_pipeline = _base_.val_pipeline
val_pipeline[3]['transforms'][0]['mask_config']['max_bbox_shape'] = (64, 64)
val_dataloader = dict(dataset=dict(pipeline=val_pipeline))
test_dataloader = val_dataloader
