import numpy as np
import pytest
from mmcv import imwrite

from tmad_mmedit.cli import main
from tmad_mmedit.openmmlab.datasets import PhotoDataset


def dataset(root, **kwargs):
    return PhotoDataset(data_root=str(root), data_prefix=dict(gt=''), **kwargs)


def test_photographs_come_sorted(tmp_path):
    for name in ('b.png', 'a.jpg', 'c.png'):
        imwrite(np.zeros((2, 2, 3), np.uint8), str(tmp_path / name))
    (tmp_path / 'notes.txt').write_text('')
    data = dataset(tmp_path)
    assert [data[i]['gt_path'].split('/')[-1]
            for i in range(len(data))] == ['a.jpg', 'b.png', 'c.png']


def test_an_empty_folder_is_named(tmp_path):
    with pytest.raises(FileNotFoundError, match='no image .*.png.*set data_'):
        dataset(tmp_path)


def test_a_missing_folder_and_a_missing_list_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match='nowhere.* is not there'):
        dataset(tmp_path / 'nowhere')
    with pytest.raises(FileNotFoundError, match='list.txt is not there'):
        dataset(tmp_path, ann_file='list.txt')


@pytest.fixture
def broken(tmp_path):
    """Three photographs: whole, cut off, empty."""
    for name in ('a.jpg', 'b.jpg'):
        imwrite(np.full((64, 64, 3), 90, np.uint8), str(tmp_path / name))
    whole = (tmp_path / 'b.jpg').read_bytes()
    (tmp_path / 'b.jpg').write_bytes(whole[:len(whole) // 2])
    (tmp_path / 'c.png').write_bytes(b'')
    return tmp_path


LOAD = [dict(type='LoadImageFromFile', key='gt')]


def test_a_file_that_cannot_be_read_is_named(broken):
    data = dataset(broken, pipeline=LOAD)
    assert data[0]['gt'].shape == (64, 64, 3)
    with pytest.raises(RuntimeError, match=r'b.jpg cannot be read .it is cut'):
        data[1]
    with pytest.raises(RuntimeError, match=r'c.png cannot be read .it is em'):
        data[2]


def test_what_breaks_otherwise_is_named_and_never_passed_over(broken):
    data = dataset(broken, pipeline=[*LOAD, dict(type='LoadMask')],
                   pass_over_broken=True)
    with pytest.raises(RuntimeError, match='a.jpg: '):
        data[0]


def test_training_may_pass_over_and_counts_and_tests_may_not(broken):
    data = dataset(broken, pipeline=LOAD, pass_over_broken=True)
    for i in range(3):
        assert data[i]['gt_path'].endswith('a.jpg')
    assert len(data.broken) == 2
    data = dataset(broken, pipeline=LOAD, pass_over_broken=True,
                   test_mode=True)
    with pytest.raises(RuntimeError, match='b.jpg cannot be read'):
        data[1]


def test_a_folder_is_checked_before_a_training(broken, capsys):
    (broken / 'notes.txt').write_text('')
    (broken / 'sub').mkdir()
    imwrite(np.zeros((9, 70, 3), np.uint8), str(broken / 'sub/d.png'))
    assert main(['check', str(broken), '--recursive']) == 1
    out, err = capsys.readouterr()
    assert '2 pictures can be read, 2 cannot; 1 other files.' in out
    assert 'The smallest side is 9 pixels' in out
    assert 'b.jpg cannot be read: it is cut' in err
    assert main(['check', str(broken / 'sub')]) == 0
    assert main(['check', str(broken / 'nowhere')]) == 1
    assert 'is not there' in capsys.readouterr().err
