# Places, rectangular holes of up to 128 x 128; the paper's 4 GPUs x 4 images
_base_ = [
    '_base_/models/tmad.py', '_base_/schedules/tmad.py',
    '_base_/datasets/rectangles.py', '_base_/default_runtime.py',
    '_base_/datasets/places.py'
]

train_dataloader = dict(
    batch_size=4,
    dataset=dict(pipeline={{_base_.train_pipeline}}))
val_dataloader = dict(
    batch_size=1,
    dataset=dict(pipeline={{_base_.val_pipeline}}))
test_dataloader = val_dataloader

# of the hole (MAE in percent, TV over the truth's) and of the whole; the same
# of the coarse result, all there is while the coarse stage is trained alone
_metrics = [
    dict(type='MAE', mask_key='mask', scaling=100),
    dict(type='PSNR'),
    dict(type='SSIM'),
    dict(type='HolePSNR'),
    dict(type='TotalVariation', mask_key='mask', relative=True)
]
val_evaluator = _metrics + [
    dict(**x, pred_key='coarse_img', prefix='coarse') for x in _metrics
]
test_evaluator = val_evaluator + [dict(type='InpaintingSWD', mask_key='mask')]

# paper: 4 epochs (of 1.8 million images) for the coarse stage, cosine
# restarts; chosen: the length of the rest
model = dict(train_cfg=dict(pretrain_iters=450000))
train_cfg = dict(
    type='IterBasedTrainLoop', max_iters=1050000, val_interval=10000)
param_scheduler = dict(
    type='CosineRestartLR',
    by_epoch=False,
    periods=[450000, 200000, 200000, 200000],
    restart_weights=[1, 1, 0.5, 0.25],
    eta_min=1e-6)
