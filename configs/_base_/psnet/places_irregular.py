# PSNet over an inpaintor that is trained already: Places, free-form holes
_base_ = '../../tmad_places_irregular.py'

# paper: DeepFill frozen, 10,000 iterations; chosen: one cosine
model = dict(
    coarse=dict(_delete_=True),  # the leaf's
    coarse_cfg=dict(frozen=True),
    train_cfg=dict(pretrain_iters=0))
train_cfg = dict(max_iters=10000)
param_scheduler = dict(periods=[10000], restart_weights=[1])
