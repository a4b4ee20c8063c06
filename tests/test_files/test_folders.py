import os
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tmad_mmedit.files.jobs import Job, Jobs, Said
from tmad_mmedit.files.plan import plan


@pytest.fixture
def make(tmp_path):
    """Writes small pictures, and text where the ending is of none."""
    def write(*names):
        for name in names:
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            try:
                Image.fromarray(np.zeros((2, 3), np.uint8)).save(path)
            except (KeyError, ValueError):
                path.write_text('text')
        return tmp_path
    return write


def planned(root, images, masks, out='out', **options):
    jobs, failed, others = plan([root / x for x in images.split()],
                                root / masks, root / out, **options)

    def short(path):
        return path.relative_to(root).as_posix()

    return ([tuple(map(short, job[:3])) for job in jobs],
            {short(path): str(error) for path, error in failed},
            [short(path) for path in others])


@pytest.mark.parametrize('ending', ['_mask', '-mask', '.mask', '_MASK'])
def test_a_mask_is_found_beside_its_picture(make, ending):
    root = make('d/a.jpg', f'd/a{ending}.png', 'd/b.png', 'd/c_mask.png')
    jobs, failed, _ = planned(root, 'd', 'd')
    assert jobs == [('d/a.jpg', f'd/a{ending}.png', 'out/a.png')]
    assert 'b_mask: add one' in failed['d/b.png']
    assert list(failed) == ['d/b.png', 'd/c_mask.png']  # c is not there


def test_a_mask_is_found_in_another_folder_by_either_name(make):
    root = make('p/a.png', 'p/b.tif', 'p/c.webp', 'm/a.bmp', 'm/b-mask.png',
                'm/a.xml', 'm/c.png', 'm/c_mask.png', 'm/unused.png')
    jobs, failed, _ = planned(root, 'p', 'm')
    assert jobs == [('p/a.png', 'm/a.bmp', 'out/a.png'),
                    ('p/b.tif', 'm/b-mask.png', 'out/b.tif')]
    assert failed == {
        'p/c.webp': 'c.png and c_mask.png may each be its mask: keep one.'}


def test_what_is_no_picture_is_passed_over_and_counted(make):
    root = make('p/a.png', 'm/a.png', 'p/Thumbs.db', 'p/notes.txt',
                'p/clip.mp4', 'p/clip.mpg', 'p/page.pdf', 'p/.hidden.png',
                'p/.DS_Store', 'p/photo.heic', 'm/photo.png')
    (root / 'p/scan').write_bytes((root / 'p/a.png').read_bytes())
    jobs, failed, others = planned(root, 'p', 'm')
    assert [x[0] for x in jobs] == ['p/a.png', 'p/photo.heic']
    assert list(failed) == ['p/scan']  # a picture, which lacks a mask
    assert sorted(others) == ['p/Thumbs.db', 'p/clip.mp4', 'p/clip.mpg',
                              'p/notes.txt', 'p/page.pdf']


def test_composed_and_decomposed_names_match(make):
    root = make('p/caf\u00e9.png', 'm/cafe\u0301.png', 'p/e\u0301.png',
                'm/\u00e9_mask.png')
    jobs, failed, _ = planned(root, 'p', 'm')
    assert len(jobs) == 2 and not failed


def test_subfolders_are_mirrored(make):
    root = make('p/a.png', 'p/x/a.jpg', 'm/a.png', 'm/x/a_mask.png',
                'p/out/a.png', 'p/.cache/b.png')
    assert len(planned(root, 'p', 'm')[0]) == 1
    jobs, failed, _ = planned(root, 'p', 'm', 'p/out', recursive=True)
    assert jobs == [('p/a.png', 'm/a.png', 'p/out/a.png'),
                    ('p/x/a.jpg', 'm/x/a_mask.png', 'p/out/x/a.png')]
    assert not failed


def test_one_mask_for_all_may_lie_among_the_pictures(make):
    root = make('p/a.png', 'p/m.png', 'p/b.png')
    jobs, failed, _ = planned(root, 'p', 'p/m.png')
    assert [x[0] for x in jobs] == ['p/a.png', 'p/b.png'] and not failed


@pytest.mark.parametrize('images, masks, out', [
    ('p', 'm', 'p'), ('p', 'm', 'm'), ('p', 'p', 'p'), ('p', 'm', 'link'),
    ('p/a.png', 'm', 'p'), ('p', 'out/m.png', 'out')])
def test_nothing_is_written_over_what_is_to_be_read(make, images, masks, out):
    root = make('p/a.png', 'p/a_mask.png', 'm/a.png', 'p/m.png', 'm/m.png',
                'out/m.png')
    (root / 'link').symlink_to(root / 'm')
    with pytest.raises(ValueError, match='give another'):
        planned(root, images, masks, out)


def test_a_hard_link_to_a_mask_is_the_mask(make):
    root = make('p/a.png', 'm/a.png', 'out/b.png')
    os.link(root / 'm/a.png', root / 'out/a.png')
    with pytest.raises(ValueError, match='would be written over'):
        planned(root, 'p', 'm')


def test_a_picture_is_not_its_own_mask(make):
    root = make('p/a.png', 'p/b.png')
    (root / 'm').mkdir()
    (root / 'm/a.png').symlink_to(root / 'p/a.png')
    _, failed, _ = planned(root, 'p/a.png p/b.png', 'm')
    assert 'is its own mask' in failed['p/a.png']
    assert 'add one' in failed['p/b.png']


def test_results_of_one_name_are_refused(make):
    root = make('p/a.jpg', 'p/a.png', 'm.png')
    jobs, failed, _ = planned(root, 'p', 'm.png')
    assert len(jobs) == 1
    assert 'already the output of another' in failed['p/a.png']


def test_a_picture_that_is_named_twice_is_done_once(make):
    root = make('p/a.png', 'p/b.png', 'm.png')
    jobs, failed, _ = planned(root, 'p/a.png p p/a.png', 'm.png')
    assert [x[0] for x in jobs] == ['p/a.png', 'p/b.png'] and not failed


def test_a_cmyk_jpeg_becomes_a_tiff(make):
    root = make('p/b.jpg', 'm.png')
    Image.new('CMYK', (3, 2)).save(root / 'p/a.jpg')
    assert [x[2] for x in planned(root, 'p', 'm.png')[0]] == [
        'out/a.tif', 'out/b.png']


def test_a_folder_without_pictures_is_one_sentence(make):
    root = make('p/notes.txt', 'm.png')
    with pytest.raises(ValueError, match='holds no picture'):
        planned(root, 'p', 'm.png')


def test_parts_are_all_and_apart_whatever_is_wrong_with_some(make):
    root = make(*(f'p/{i}.png' for i in range(8)),
                *(f'm/{i}.png' for i in range(8) if i != 2))
    parts = [planned(root, 'p', 'm', part=(i, 3)) for i in (1, 2, 3)]
    assert [[x[0] for x in jobs] for jobs, *_ in parts] == [
        ['p/0.png', 'p/3.png', 'p/6.png'], ['p/1.png', 'p/4.png', 'p/7.png'],
        ['p/5.png']]
    assert [list(failed) for _, failed, _ in parts] == [[], [], ['p/2.png']]


def test_jobs_come_back_as_they_were(tmp_path):
    given = [Job(Path('a b.jpg'), Path('-'), tmp_path / 'a.png'),
             Job(Path('c.jpg'), Path('m'), Path('o'),
                 Said(not_from=Path('n')), Path('p'), 'large')]
    jobs = Jobs(given)
    assert list(jobs) == given and jobs[1] == jobs[-1] == given[1]
    assert list(jobs[1:]) == given[1:] and len(jobs[::2]) == 1


def test_a_job_of_many_takes_little_memory():
    jobs = Jobs()
    tracemalloc.start()
    for i in range(1000):
        jobs.append(Job(Path(f'photos/{i:07}.jpg'), Path(f'm/{i:07}.png'),
                        Path(f'results/{i:07}.png')))
    assert tracemalloc.get_traced_memory()[0] < 200 * len(jobs)
    tracemalloc.stop()
