# Adam, lr and betas chosen; one optimizer over all that a loss reaches
_adam = dict(type='Adam', lr=1e-4, betas=(0.5, 0.9))

optim_wrapper = dict(
    constructor='GroupedOptimWrapperConstructor',
    generator=dict(
        type='OptimWrapper',
        children=['coarse', 'retriever', 'psnet'],
        optimizer=_adam),
    disc=dict(
        type='OptimWrapper',
        children=['patch_disc', 'image_disc'],
        optimizer=_adam))
