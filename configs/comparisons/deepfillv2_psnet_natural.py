# DeepFillv2 of deepfillv2_natural_128.py, frozen, and PSNet over it
_base_ = '../recipes/tmad_natural_half_grain.py'
# below _base_, or mmengine takes this for a config of its new kind
from mmengine.hub import get_config

model = dict(
    coarse=dict(
        _delete_=True,
        **get_config('mmedit::deepfillv2/'
                     'deepfillv2_8xb2_places-256x256.py').model),
    coarse_cfg=dict(
        frozen=True,
        checkpoint='work_dirs/deepfillv2_natural_128/iter_1700.pth'))
