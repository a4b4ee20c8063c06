# Rectangles of up to 128 x 128 pixels at random places, as DeepFillv1's
input_shape = (256, 256)

_load = dict(type='LoadImageFromFile', key='gt')
_scale = dict(
    type='Resize', keys=['gt'], scale=input_shape, keep_ratio=False)
_mask = dict(
    type='LoadMask',
    mask_mode='bbox',
    mask_config=dict(
        img_shape=input_shape,
        max_bbox_shape=(128, 128),
        max_bbox_delta=40,
        min_margin=20))
_pack = [dict(type='GetMaskedImage'), dict(type='TMADPackInputs')]

train_pipeline = [
    _load,
    dict(type='Crop', keys=['gt'], crop_size=(384, 384), random_crop=True),
    _scale, _mask, *_pack
]
# the same crop and the same mask at each validation
val_pipeline = [
    _load,
    dict(type='Crop', keys=['gt'], crop_size=(384, 384), random_crop=False),
    _scale,
    dict(type='Seeded', transforms=[_mask]), *_pack
]
