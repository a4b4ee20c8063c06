# Figure 9: without the blending loss, and so without its discriminator
_base_ = '../tmad_places.py'

model = dict(training=dict(loss_blending=None, image_disc=None))
optim_wrapper = dict(disc=dict(children=['patch_disc']))
