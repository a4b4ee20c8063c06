# Second of two: PSNet, over the retriever of 3_retrieval.py, which is frozen.
# In place of VGG-19 on patches, EfficientNet-Lite0 around the hole.
_base_ = '../tmad-paper_natural.py'

load_from = 'work_dirs/3_retrieval/weights.safetensors'

model = dict(
    training=dict(
        # slimmer than the paper's configs': the time goes into PSNet
        patch_disc=dict(max_channels=96, fc_in_channels=96 * 2 * 2),
        image_disc=dict(max_channels=64),
        # L1 makes a mixture of the textures, L_pd does not
        loss_patch_l1=dict(loss_weight=0.2),
        loss_patch_dist=dict(loss_weight=0.05),
        loss_out_percep=dict(type='EfficientNetPerceptualLoss')))
train_cfg = dict(max_iters=1600, val_interval=400)
optim_wrapper = dict(
    generator=dict(children=['psnet'], clip_grad=dict(max_norm=1.)))
param_scheduler = dict(
    _delete_=True, type='CosineAnnealingLR', by_epoch=False, end=1600,
    eta_min=4e-6)
custom_hooks = [*_base_.custom_hooks, dict(type='EMAHook', momentum=2e-3)]
