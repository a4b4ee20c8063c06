"""One host is there, MMEditing or mmagic, and it is found once."""
import importlib.util
import sys

import pytest

from tests.test_openmmlab.conftest import slim_config
from tmad_mmedit.openmmlab import host


@pytest.fixture
def there(monkeypatch):
    """Says which hosts are installed, and which are imported already."""

    def say(installed=(), imported=()):
        for name in host.NAMES:
            monkeypatch.delitem(sys.modules, name, raising=False)
            if name in imported:
                monkeypatch.setitem(sys.modules, name, object())
        monkeypatch.setattr(
            host, 'find_spec',
            lambda name: object() if name in installed else None)

    monkeypatch.delenv(host.ASK, raising=False)
    return say


@pytest.mark.parametrize('name', host.NAMES)
def test_the_one_that_is_installed_is_taken(there, name):
    there(installed=[name])
    assert host.resolve() == name


@pytest.mark.parametrize('name', host.NAMES)
def test_of_both_the_one_that_is_imported_is_taken(there, name):
    there(installed=host.NAMES, imported=[name])
    assert host.resolve() == name


def test_both_are_one_sentence(there):
    for imported in (), host.NAMES:
        there(installed=host.NAMES, imported=imported)
        with pytest.raises(ImportError, match='mmedit and mmagic are both '
                           'there: set .* TMAD_HOST .*uninstall') as raised:
            host.resolve()
        assert '\n' not in str(raised.value)


def test_neither_is_one_sentence(there):
    there()
    with pytest.raises(ImportError, match='neither mmedit nor mmagic is '
                       'installed: run `make env`') as raised:
        host.resolve()
    assert '\n' not in str(raised.value)


@pytest.mark.parametrize('name', host.NAMES)
def test_of_both_the_one_that_is_asked_for_is_taken(
        there, monkeypatch, name):
    there(installed=host.NAMES, imported=host.NAMES)
    monkeypatch.setenv(host.ASK, name)
    assert host.resolve() == name


def test_what_is_no_host_is_one_sentence(there, monkeypatch):
    there(installed=host.NAMES)
    monkeypatch.setenv(host.ASK, 'mmpose')
    with pytest.raises(ImportError, match='TMAD_HOST=mmpose: expected mmedit '
                       'or mmagic'):
        host.resolve()


def test_here_it_is_the_one_that_configs_get():
    assert importlib.util.find_spec(host.HOST)
    assert slim_config().default_scope == host.HOST
    text = slim_config().pretty_text
    for name in host.NAMES:
        assert f"'{name}" not in text.replace(
            f"default_scope = '{host.HOST}'", '').replace(
                "['tmad_mmedit.openmmlab']", '')


def test_our_names_for_what_the_hosts_call_differently():
    from mmengine.registry import LOOPS, MODELS, TRANSFORMS
    for registry, name, theirs in (
            (MODELS, 'TMADDataPreprocessor', host.DataPreprocessor),
            (TRANSFORMS, 'TMADPackInputs', host.PackInputs),
            (LOOPS, 'TMADValLoop', host.ValLoop),
            (LOOPS, 'TMADTestLoop', host.TestLoop)):
        assert issubclass(registry.get(name), theirs)
