import numpy as np
import pytest
from mmcv import imwrite

from tmad_mmedit.datasets import PhotoDataset


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
