# Ours, not the paper's (method, section 8): coherent retrieval. The coarse
# stage and the learned correspondence see small copies, as they were trained.
_base_ = 'tmad_natural.py'

_coarse_pixels = 64 * 64
model = dict(
    retriever=dict(
        _delete_=True,
        type='CoherentRetriever',
        patch_size=32,
        top_k=4),
    correspondence=dict(type='CorrespondenceNet', max_pixels=128 * 128),
    blend=dict(type='GradientBlend'),
    psnet=dict(_delete_=True, type='ContextCentre'),
    train_cfg=dict(coarse_pixels=_coarse_pixels),
    test_cfg=dict(coarse_pixels=_coarse_pixels))
