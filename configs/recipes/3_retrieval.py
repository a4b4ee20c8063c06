# First of two for tmad-paper_natural: theta and phi of Eq. (3) against the
# truth; PSNet, which would take most of the time, paints nothing here.
_base_ = '../tmad-paper_natural.py'

load_from = 'tmad_mmedit/weights/tmad-coherent_natural.safetensors'

train_dataloader = dict(batch_size=8)
model = dict(
    retriever=dict(memory_size=40),  # fewer to compare with, for speed
    training=dict(
        _delete_=True, loss_retrieval=dict(type='RetrievalLoss')),
    train_cfg=dict(patches_per_image=16))
train_cfg = dict(max_iters=800, val_interval=200)
optim_wrapper = dict(
    _delete_=True,
    constructor='GroupedOptimWrapperConstructor',
    generator=dict(
        type='OptimWrapper',
        children=['retriever'],
        optimizer=dict(type='Adam', lr=1e-3, betas=(0.9, 0.99))))
param_scheduler = dict(
    _delete_=True, type='CosineAnnealingLR', by_epoch=False, end=800,
    eta_min=2e-5)
custom_hooks = [*_base_.custom_hooks, dict(type='EMAHook', momentum=2e-3)]
