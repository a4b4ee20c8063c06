# The paper's method on general photographs, as it ships: windows, retrieval
# and PSNet, over the coarse stage of tmad-coherent_natural. It is trained by
# recipes/3_retrieval.py, 4_psnet.py.
_base_ = 'tmad_natural.py'

# rectangles only
train_pipeline = _base_.train_pipeline
train_pipeline[3:5] = train_pipeline[4]['transforms'][0]
train_dataloader = dict(batch_size=4, dataset=dict(pipeline=train_pipeline))

# the coarse stage as it was trained: on copies of 64 x 64 pixels
_coarse_pixels = 64 * 64
model = dict(
    coarse_cfg=dict(frozen=True),
    retriever=dict(temperature=0.05, begin_alike=True),
    psnet=dict(detail=4.),
    training=dict(loss_coarse_hole=None, loss_coarse_valid=None),
    train_cfg=dict(pretrain_iters=0, coarse_pixels=_coarse_pixels),
    test_cfg=dict(coarse_pixels=_coarse_pixels, crops=dict()))
val_dataloader = dict(num_workers=0)
test_dataloader = val_dataloader
_perceptual = dict(type='PerceptualDistance', mask_key='mask')
val_evaluator = _base_.val_evaluator + [
    _perceptual,
    dict(**_perceptual, pred_key='coarse_img', prefix='coarse')
]
test_evaluator = val_evaluator
