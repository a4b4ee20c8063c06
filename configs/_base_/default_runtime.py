_base_ = 'mmedit::_base_/inpaint_default_runtime.py'

custom_imports = dict(imports=['tmad_mmedit'], allow_failed_imports=False)
# None lets processes on CPUs wrap the model, too; mmengine would name a GPU
model_wrapper_cfg = dict(
    type='MMSeparateDistributedDataParallel', device_ids=None)
val_cfg = dict(type='EditValLoop')
test_cfg = dict(type='EditTestLoop')
randomness = dict(seed=0)

# MMEditing's out_dir puts checkpoints where --resume does not look for them
default_hooks = dict(
    checkpoint=dict(
        interval=10000, out_dir=None, max_keep_ckpts=3, save_best='PSNR',
        rule='greater'),
    # repairs of mmengine for these runs only: tmad_mmedit/compat
    in_place=dict(type='CheckpointsAreWrittenInPlace'),
    separate_keys=dict(type='SeparateWrapperSavesKeysItDoesNotLoad'),
    resume=dict(type='ResumePrefersLoadFrom'))

visualizer = dict(img_keys=['input', 'coarse_img', 'pred_img', 'gt_img'])
custom_hooks = [
    dict(type='BasicVisualizationHook', interval=dict(val=100, test=1))
]
