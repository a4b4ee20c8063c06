# Paris Street-View, rectangular holes
_base_ = 'tmad_places.py'

_where = dict(data_root='data/paris_street_view', ann_file='')

train_dataloader = dict(
    dataset=dict(**_where, data_prefix=dict(gt='train')))
val_dataloader = dict(dataset=dict(**_where, data_prefix=dict(gt='val')))
test_dataloader = val_dataloader

# paper: 4 epochs, of 14,900 images here; chosen: the length of the rest
model = dict(train_cfg=dict(pretrain_iters=3725))
train_cfg = dict(max_iters=123725, val_interval=5000)
param_scheduler = dict(
    periods=[3725, 60000, 60000], restart_weights=[1, 1, 0.5])
