import os
import time

import pytest

from tmad_mmedit.files.atomic import (
    LEFT_BEHIND,
    PART,
    remove_left_behind,
    replacing,
    write_text,
)


def test_a_reader_finds_the_old_or_the_new_file(tmp_path):
    path = tmp_path / 'a.json'
    write_text(path, 'old')
    with replacing(path) as part:
        part.write_text('new')
        assert path.read_text() == 'old' and part.suffix == '.json'
    assert path.read_text() == 'new'
    assert os.listdir(tmp_path) == ['a.json']


def test_what_fails_leaves_everything_as_it_was(tmp_path):
    path = tmp_path / 'a.png'
    path.write_text('old')
    with pytest.raises(OSError):
        with replacing(path) as part:
            part.write_text('half')
            raise OSError('no space left on the device')
    assert path.read_text() == 'old'
    assert os.listdir(tmp_path) == ['a.png']


def test_two_writers_of_one_file_do_not_meet(tmp_path):
    path = tmp_path / 'a.txt'
    with replacing(path) as first, replacing(path) as second:
        first.write_text('first')
        second.write_text('second')
        assert first.read_text() == 'first'
    assert path.read_text() == 'first'
    assert os.listdir(tmp_path) == ['a.txt']


def test_what_the_killed_left_is_removed_and_what_others_write_is_not(
        tmp_path):
    part = tmp_path / f'{PART}x.png'
    part.write_text('half')
    with replacing(tmp_path / 'b.png') as other:
        other.write_text('half')
        remove_left_behind.cache_clear()
        write_text(tmp_path / 'c.txt', 'whole')
        assert part.exists() and other.exists()
        ago = time.time() - LEFT_BEHIND - 1
        os.utime(part, (ago, ago))
        remove_left_behind.cache_clear()
        write_text(tmp_path / 'c.txt', 'whole')
        assert not part.exists() and other.exists()
