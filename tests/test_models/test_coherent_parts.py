from copy import deepcopy

import pytest

NET = dict(type='CorrespondenceNet')
BLEND = dict(type='GradientBlend')
COHERENT = dict(_delete_=True, type='CoherentRetriever', patch_size=16)
PLAIN = dict(loss_patch_dist=dict(relativistic=False))


@pytest.mark.parametrize('changes, says', [
    (dict(retriever=COHERENT, training=PLAIN), 'correspondence is not given'),
    (dict(correspondence=NET), 'TextureMemoryRetriever'),
    (dict(blend=BLEND), 'model.blend is given'),
    (dict(retriever=COHERENT, correspondence=NET), 'relativistic=False'),
])
def test_parts_that_do_not_go_together_are_one_sentence(
        build_model, changes, says):
    with pytest.raises(ValueError, match=says):
        build_model(**deepcopy(changes))  # merging takes _delete_ out


def test_those_that_do_are_built(build_model):
    for blend in (None, BLEND):
        model = build_model(**deepcopy(dict(
            retriever=COHERENT, correspondence=NET, blend=blend,
            training=PLAIN)))
        assert model.retriever.num_textures == model.psnet.num_textures
