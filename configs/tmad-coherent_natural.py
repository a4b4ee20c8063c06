# Ours, not the paper's: copies that continue each other, blended. What ships
# is trained by recipes/1_coarse.py, 2_correspondence.py.
_base_ = 'tmad_natural.py'

# as they were trained: the coarse stage sees copies of 64 x 64 pixels, the
# correspondence of 128 x 128, of what lies around a hole
_coarse_pixels = 64 * 64
model = dict(
    _delete_=True,
    type='CoherentInpaintor',
    data_preprocessor=_base_.model.data_preprocessor,
    coarse=_base_.model.coarse,
    correspondence=dict(type='CorrespondenceNet', max_pixels=128 * 128),
    training=dict(
        loss_coarse_hole=dict(type='L1Loss', loss_weight=6.),
        loss_coarse_valid=dict(type='L1Loss', loss_weight=1.),
        loss_correspondence=dict(type='CorrespondenceLoss')),
    train_cfg=dict(pretrain_iters=40000, coarse_pixels=_coarse_pixels),
    test_cfg=dict(coarse_pixels=_coarse_pixels))
optim_wrapper = dict(
    _delete_=True,
    constructor='GroupedOptimWrapperConstructor',
    generator=dict(
        type='OptimWrapper',
        children=['coarse', 'correspondence'],
        clip_grad=dict(max_norm=1.),
        # without an adversary there is nothing for small betas to follow
        optimizer=dict(type='Adam', lr=4e-4, betas=(0.9, 0.99))))
val_dataloader = dict(num_workers=0)
test_dataloader = val_dataloader
test_evaluator = _base_.test_evaluator + [dict(type='PerceptualDistance')]
