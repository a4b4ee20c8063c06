# General photographs of 256 pixels or more, rectangles and free-form holes in
# turn. Departures from the paper: no VGG-19 loss, whose weights are a download
# of their own; a shorter schedule, for thousands of photographs, not millions.
_base_ = '_base_/datasets/natural.py'

_where = dict(data_root='data/natural', ann_file='')
train_dataloader = dict(
    dataset=dict(**_where, data_prefix=dict(gt='train')))
val_dataloader = dict(dataset=dict(**_where, data_prefix=dict(gt='val')))
test_dataloader = val_dataloader

model = dict(
    training=dict(loss_patch_percep=None),
    train_cfg=dict(pretrain_iters=40000))
train_cfg = dict(max_iters=120000, val_interval=5000)
param_scheduler = dict(periods=[40000, 80000], restart_weights=[1, 1])
optim_wrapper = dict(
    generator=dict(optimizer=dict(lr=2e-4)),
    disc=dict(optimizer=dict(lr=2e-4)))
