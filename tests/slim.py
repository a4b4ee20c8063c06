"""Small models of the library, and their files."""
from tmad_mmedit.checkpoints import write_weights
from tmad_mmedit.load import FIELD, build_model, settings_text

COARSE = dict(widths=[8, 8, 8, 8], dilations=[1, 2])
SLIM_PAPER = dict(
    method='paper',
    coarse=COARSE,
    retriever=dict(patch_size=16, stride=8, memory_size=12, embed_channels=4),
    psnet=dict(widths=[8, 8, 8], up_widths=[8, 8, 8], num_res_blocks=1))
SLIM_COHERENT = dict(
    method='coherent',
    coarse=COARSE,
    correspondence=dict(
        widths=[4, 4, 8], dilations=[1, 2], attention=[1], embed_channels=4))


def write_model(path, settings, model=None):
    """Write a model file of random weights, or of a model's."""
    model = model or build_model(settings)
    write_weights(model.state_dict(), path, {FIELD: settings_text(settings)})
    return path
