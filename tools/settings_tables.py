"""Writes the tables of settings in docs/coherent.md from the classes that have
them: each name, its default, and what the docstring says of it.

    python tools/settings_tables.py

A table stands behind a comment that names file and class, up to the next
empty line. It needs the standard library only.
"""
import ast
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PAGE = ROOT / 'docs/coherent.md'
# <!-- settings: FILE CLASS -->, and the table behind it
MARKED = re.compile(
    r'(<!-- settings: (?P<file>\S+) (?P<name>\w+) -->\n)(?:.+\n)*')


class Setting(NamedTuple):
    """A setting, its default as the code has it, and its meaning."""
    name: str
    default: str
    meaning: str


def with_tables(page: str) -> str:
    """Return a page with its tables written anew."""
    return MARKED.sub(
        lambda x: x[1] + table(x['name'], settings_of(ROOT / x['file'],
                                                      x['name'])), page)


def table(name: str, settings: list[Setting]) -> str:
    """Return the rows of a table, as Markdown."""
    rows = [f'| `{name}` | default | |', '|---|---|---|']
    rows += [f'| `{x.name}` | {x.default} | {x.meaning} |' for x in settings]
    return '\n'.join(rows) + '\n'


def settings_of(path: Path, name: str) -> list[Setting]:
    """Read the settings of a class.

    Args:
        path (Path): Of its module.
        name (str): A dataclass, or a class whose ``__init__`` takes them.

    Raises:
        ValueError: If the docstring does not say all of them, in their order.
    """
    source = path.read_text(encoding='utf-8')
    found = next(node for node in ast.parse(source).body
                 if isinstance(node, ast.ClassDef) and node.name == name)
    meanings = meanings_in(ast.get_docstring(found) or '')
    defaults = {key: shown(ast.get_source_segment(source, value) or '')
                for key, value in defaults_of(found)}
    if list(defaults) != list(meanings):
        raise ValueError(f'{name} of {path} has {", ".join(defaults)}, its '
                         f'docstring {", ".join(meanings)}: say all.')
    return [Setting(key, defaults[key], meanings[key]) for key in defaults]


def defaults_of(node: ast.ClassDef) -> list[tuple[str, ast.expr]]:
    """Return the fields of a dataclass, else the arguments of ``__init__``,
    with their defaults."""
    fields = [(x.target.id, x.value) for x in node.body
              if isinstance(x, ast.AnnAssign) and x.value
              and isinstance(x.target, ast.Name)]
    if fields:
        return fields
    init = next(x for x in node.body
                if isinstance(x, ast.FunctionDef) and x.name == '__init__')
    return list(zip([x.arg for x in init.args.args[1:]], init.args.defaults))


def meanings_in(docstring: str) -> dict[str, str]:
    """Return what ``Attributes`` or ``Args`` of a docstring say, by name."""
    section = re.search(r'^(?:Attributes|Args):\n((?: .*\n?|\n(?= ))*)',
                        docstring, re.M)
    entries = re.findall(r'^    (\w+) \(.*?\): (.*\n?(?:     +.*\n?)*)',
                         section[1] if section else '', re.M)
    return {name: ' '.join(text.split()).replace('``', '`').rstrip('.')
            for name, text in entries}


def shown(default: str) -> str:
    """Return a default as the page has it: ``512 * 512`` as 512 x 512, a
    tuple without its brackets, ``4.`` as 4."""
    default = default.strip('()').replace(' * ', ' x ')
    return re.sub(r'\.(?!\d)', '', default)


if __name__ == '__main__':
    PAGE.write_text(with_tables(PAGE.read_text(encoding='utf-8')),
                    encoding='utf-8')
