import pytest

from tmad_mmedit.load import build_model, full_settings
from tmad_mmedit.models.specks.settings import SpeckSettings


@pytest.mark.parametrize('changes', [
    dict(longest=-1), dict(reach=0), dict(rim=0), dict(copies=0)])
def test_settings_that_cannot_be_are_one_sentence(changes):
    with pytest.raises(ValueError, match='a longest of 0 where no hole'):
        SpeckSettings(**changes)


def test_a_model_file_has_them():
    full = full_settings(dict(method='coherent', specks=dict(longest=3)))
    assert full['specks'] == dict(longest=3, reach=32, rim=3, copies=16)
    assert build_model(full).specks == SpeckSettings(longest=3)
    assert 'specks' not in full_settings(dict(method='paper'))
