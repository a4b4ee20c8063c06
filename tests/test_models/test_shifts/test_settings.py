import pytest

from tmad_mmedit.models.shifts.settings import ShiftSettings


@pytest.mark.parametrize('changes, what', [
    (dict(block_size=7), 'block_size=7'),
    (dict(block_size=2), 'block_size=2'),
    (dict(block_size=10), 'block_size=10'),
    (dict(dominant=0, guided=0, boundary=0), 'no shift'),
    (dict(boundary=-1), 'no shift'),
    (dict(labels_per_block=0), 'labels_per_block=0'),
    (dict(temperature=0.), 'temperature=0'),
    (dict(moves=(2, -1)), 'moves='),
])
def test_impossible_sizes_are_refused(changes, what):
    with pytest.raises(ValueError, match=what):
        ShiftSettings(**changes)


def test_what_a_file_has_as_a_list_is_the_same():
    assert ShiftSettings(moves=[4, 1, 0]) == ShiftSettings(moves=(4, 1, 0))
