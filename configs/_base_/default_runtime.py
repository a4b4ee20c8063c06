_base_ = []
# below _base_, or mmengine takes this for a config of its new kind
from tmad_mmedit.openmmlab.host import HOST as __host

default_scope = __host
custom_imports = dict(
    imports=['tmad_mmedit.openmmlab'], allow_failed_imports=False)
# None lets processes on CPUs wrap the model, too; mmengine would name a GPU
model_wrapper_cfg = dict(
    type='MMSeparateDistributedDataParallel', device_ids=None)
val_cfg = dict(type='TMADValLoop')
test_cfg = dict(type='TMADTestLoop')
randomness = dict(seed=0)
env_cfg = dict(
    cudnn_benchmark=False,
    mp_cfg=dict(mp_start_method='fork', opencv_num_threads=0),
    dist_cfg=dict(backend='nccl'))

default_hooks = dict(
    timer=dict(type='IterTimerHook'),
    logger=dict(type='LoggerHook', interval=100),
    param_scheduler=dict(type='ParamSchedulerHook'),
    checkpoint=dict(
        type='CheckpointHook', by_epoch=False, interval=10000,
        max_keep_ckpts=3, save_best='PSNR', rule='greater'),
    sampler_seed=dict(type='DistSamplerSeedHook'),
    # repairs of mmengine for these runs only: tmad_mmedit/openmmlab/compat
    in_place=dict(type='CheckpointsAreWrittenInPlace'),
    separate_keys=dict(type='SeparateWrapperSavesKeysItDoesNotLoad'),
    resume=dict(type='ResumePrefersLoadFrom'))

visualizer = dict(
    type='ConcatImageVisualizer',
    vis_backends=[dict(type='LocalVisBackend')],
    fn_key='gt_path',
    img_keys=['input', 'coarse_img', 'pred_img', 'gt_img'],
    bgr2rgb=True)
custom_hooks = [
    dict(type='BasicVisualizationHook', interval=dict(val=100, test=1))
]

log_level = 'INFO'
log_processor = dict(type='LogProcessor', by_epoch=False)
load_from = None
resume = False
