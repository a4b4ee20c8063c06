# Table VI: without the patch distribution loss. The paper trains only PSNet
# for this table; the same here, from a checkpoint of tmad_places.py in
# load_from: optim_wrapper = dict(generator=dict(children=['psnet']))
_base_ = '../tmad_places.py'

model = dict(training=dict(loss_patch_dist=dict(relativistic=False)))
