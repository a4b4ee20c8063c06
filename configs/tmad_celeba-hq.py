# CelebA-HQ, 256 x 256, rectangular holes
_base_ = 'tmad_places.py'

_where = dict(data_root='data/CelebA-HQ', data_prefix=dict(gt=''))
_crop = dict(type='Crop', keys=['gt'], crop_size=(1024, 1024))

train_pipeline = _base_.train_pipeline
train_pipeline[1] = dict(**_crop, random_crop=False)
val_pipeline = _base_.val_pipeline
val_pipeline[1] = dict(**_crop, random_crop=False)

train_dataloader = dict(
    dataset=dict(
        **_where,
        ann_file='train_celeba_img_list.txt',
        pipeline=train_pipeline))
val_dataloader = dict(
    dataset=dict(
        **_where, ann_file='val_celeba_img_list.txt', pipeline=val_pipeline))
test_dataloader = val_dataloader

# paper: 4 epochs, of 28,000 images here; chosen: the length of the rest
model = dict(train_cfg=dict(pretrain_iters=7000))
train_cfg = dict(max_iters=207000, val_interval=5000)
param_scheduler = dict(
    periods=[7000, 100000, 100000], restart_weights=[1, 1, 0.5])
