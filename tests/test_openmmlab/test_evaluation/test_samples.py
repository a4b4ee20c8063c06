import numpy as np
import pytest
from mmengine.config import Config
from mmengine.registry import DATASETS
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit.openmmlab.evaluation.mask_sets import write_mask_set
from tmad_mmedit.openmmlab.evaluation.samples import read_samples


@pytest.fixture
def folders(tmp_path):
    """Three pictures and their masks, one of which is a JPEG."""
    for name in ('images', 'masks'):
        (tmp_path / name).mkdir()
    photo = Image.open(ROOT / 'demo/photos/rocket.jpg')
    mask = np.zeros((40, 60), np.uint8)
    mask[10:20, 10:40] = 255
    for i, ending in enumerate(('png', 'bmp', 'jpg')):
        photo.crop((i, 0, i + 60, 40)).save(tmp_path / f'images/{i}.png')
        Image.fromarray(mask).save(tmp_path / f'masks/{i}.{ending}')
    return tmp_path


def samples(folders, **kwargs):
    return read_samples(folders / 'images', folders / 'masks', **kwargs)


def test_masks_of_a_folder_go_by_name(folders):
    found = samples(folders)
    assert [x.name for x in found] == ['0', '1', '2']
    assert np.array_equal(found[1].image, Image.open(folders / 'images/1.png'))
    assert all(x.hole.sum() == 300 for x in found)


def test_masks_of_a_set_go_by_position_and_each_part_counts(folders):
    list(write_mask_set(folders / 'set', 'widths', 3, size=32))
    found = read_samples(folders / 'images', folders / 'set')
    assert [x.name for x in found][2:4] == ['2__thin', '0__medium']
    assert found[0].image.shape == (32, 32, 3)
    for name in ('3.png', '4.png'):
        Image.new('RGB', (40, 40)).save(folders / 'images' / name)
    with pytest.raises(ValueError, match='3 masks for 5 images.*--count 5'):
        read_samples(folders / 'images', folders / 'set')


@pytest.mark.parametrize('name, crop', [
    ('tmad_natural', 256), ('tmad-coherent_natural', 256)])
def test_images_are_those_of_our_configs_validation(tmp_path, name, crop):
    config = Config.fromfile(ROOT / f'configs/{name}.py')
    dataset = DATASETS.build(dict(
        config.val_dataloader.dataset, data_root=str(ROOT / 'demo'),
        data_prefix=dict(gt='photos')))
    list(write_mask_set(tmp_path / 'set', 'rectangles', len(dataset),
                        size=config.input_shape[0]))
    found = read_samples(ROOT / 'demo/photos', tmp_path / 'set', crop)
    for i, (_, image, hole) in enumerate(found):
        data = dataset[i]['data_samples']
        gt = data.gt_img.numpy().transpose(1, 2, 0)[..., ::-1]
        assert np.array_equal(gt, image)
        assert np.array_equal(data.mask[0].numpy() > 0, hole)


def spoil(folders, file, size=None, colour=0):
    path = folders / file
    path.unlink()
    if size:
        Image.new('L', size, colour).save(path)


@pytest.mark.parametrize('file, size, colour, says', [
    ('masks/1.bmp', None, 0, r'1 of 3 images have no mask in .*: 1; give'),
    ('masks/1.bmp', (60, 40), 0, r'1 of 3 .*: 1 \(the mask is black'),
    ('masks/1.bmp', (60, 40), 255, r'1 of 3 .*: 1 \(the mask covers'),
    ('masks/1.bmp', (40, 40), 255, r'1 of 3 .*: 1 \(the mask has 40 x 40'),
])
def test_what_does_not_fit_is_counted_and_named(folders, file, size, colour,
                                                says):
    spoil(folders, file, size, colour)
    with pytest.raises(ValueError, match=says):
        samples(folders)


def test_bad_folders_and_files_are_named(folders):
    with pytest.raises(FileNotFoundError, match='masks .*none is not there'):
        read_samples(folders / 'images', folders / 'none')
    (folders / 'empty').mkdir()
    with pytest.raises(ValueError, match='images .*empty holds no picture'):
        read_samples(folders / 'empty', folders / 'masks')
    (folders / 'images/0.jpg').write_bytes(b'')
    with pytest.raises(ValueError, match='two pictures of the name 0'):
        samples(folders)
    (folders / 'images/0.png').unlink()
    with pytest.raises(ValueError, match='0.jpg cannot be decoded'):
        samples(folders)
