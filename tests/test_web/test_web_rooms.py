"""The page knows what paints and what reads files; nothing but the command
that opens it knows the page."""
import ast

from tests.conftest import ROOT

PACKAGE = ROOT / 'tmad_mmedit'


def rooms(path):
    """Rooms of the package that a file names."""
    here = path.relative_to(PACKAGE).parent.parts
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level == len(here) + 1:
            names = [node.module] if node.module else [
                x.name for x in node.names]
            yield from (name.split('.')[0] for name in names)


def test_the_page_knows_what_is_below_it():
    for path in (PACKAGE / 'web').glob('*.py'):
        assert set(rooms(path)) <= {'apis', 'evaluation', 'register'}, path


def test_only_its_command_knows_the_page():
    known = {path.relative_to(PACKAGE).as_posix()
             for path in PACKAGE.rglob('*.py')
             if '.mim' not in path.parts and 'web' in rooms(path)}
    assert known == {'cli/web.py'}
