"""The page's interface for programs."""
import numpy as np
import pytest
from PIL import Image

from tests.conftest import ROOT
from tmad_mmedit import Picture
from tmad_mmedit.masks.reading import read_mask

MASK = ROOT / 'demo/masks/rocket.png'


@pytest.fixture
def client(server):
    from gradio_client import Client
    return Client(server.url, verbose=False)


def removed(client, photo, mask, **settings):
    from gradio_client import handle_file
    return client.predict(handle_file(photo), handle_file(mask), **settings,
                          api_name='/remove')


def test_a_program_gets_what_the_terminal_gives(client, inpainter):
    mask = ROOT / 'demo/masks/coffee.png'
    photo = ROOT / 'demo/photos/coffee.jpg'
    result = removed(client, photo, mask, dilate=3)
    expected = inpainter(photo, read_mask(mask, dilate=3)).stored
    assert np.array_equal(Picture.of(result).stored, expected)


def test_a_program_is_told_what_is_wrong(client):
    with pytest.raises(Exception, match='has 384 x 256 pixels, the image'):
        removed(client, ROOT / 'demo/photos/brick.jpg', MASK)
    public = client.view_api(return_format='dict')['named_endpoints']
    assert list(public) == ['/remove']


def test_two_that_send_the_same_picture_both_get_it(server, photo, tmp_path):
    """As gradio would give both one file, which the first one removes."""
    from gradio_client import Client, handle_file
    mask = tmp_path / 'hole.png'
    hole = np.zeros((48, 64), np.uint8)
    hole[20:30, 20:30] = 255
    Image.fromarray(hole).save(mask)
    clients = [Client(server.url, verbose=False) for _ in range(2)]
    with server.slow():
        jobs = [client.submit(handle_file(photo), handle_file(mask),
                              api_name='/remove')
                for client in clients for _ in range(2)]
    first, *others = [Picture.of(job.result(120)).stored for job in jobs]
    for other in others:
        assert np.array_equal(other, first)
    kept = [x.name for x in server.files()]
    assert 'photo.png' not in kept and 'hole.png' not in kept


def test_of_many_removals_nothing_is_kept(client, server, inpainter,
                                          tmp_path):
    import psutil
    noise = np.random.default_rng(0).integers(0, 256, (500, 1000, 3),
                                              np.uint8)
    hole = np.zeros((500, 1000), np.uint8)
    hole[200:230, 200:230] = 255
    photo, mask = tmp_path / 'noise.png', tmp_path / 'hole.png'
    Image.fromarray(noise).save(photo)
    Image.fromarray(hole).save(mask)
    expected = inpainter(photo, mask).stored

    def memory():
        return sum(psutil.Process(x).memory_info().rss
                   for x in (server.process.pid, server.worker.pid)) / 1e6

    for n in range(10):
        result = removed(client, photo, mask)
        assert np.array_equal(Picture.of(result).stored, expected)
        if n == 4:
            start = memory()
    assert memory() - start < 12  # eight such pictures
    kept = [x.name for x in server.files()]
    assert 'noise.png' not in kept and 'hole.png' not in kept
