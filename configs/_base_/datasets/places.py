# Places365 (challenge) as its archives unpack
_where = dict(type='PhotoDataset', data_root='data/Places')

train_dataloader = dict(
    num_workers=4,
    persistent_workers=False,
    sampler=dict(type='InfiniteSampler', shuffle=True),
    dataset=dict(
        **_where,
        data_prefix=dict(gt='data_large'),
        ann_file='meta/places365_train_challenge.txt',
        test_mode=False))
val_dataloader = dict(
    num_workers=4,
    persistent_workers=False,
    drop_last=False,
    sampler=dict(type='DefaultSampler', shuffle=False),
    dataset=dict(
        **_where,
        data_prefix=dict(gt='val_large'),
        ann_file='meta/places365_val.txt',
        test_mode=True))
test_dataloader = val_dataloader
