"""Which kind each picture is of, by tables that people write."""
import csv
from collections.abc import Sequence
from pathlib import Path

from .samples import complain

PICTURE = ('file', 'name', 'picture', 'image')  # columns that say which


def groups_of(names: Sequence[str], tables: Sequence[str]
              ) -> dict[str, list[int]]:
    """Positions of all pictures, and of those of each kind.

    Args:
        names (Sequence[str]): Of the pictures, without ending.
        tables (Sequence[str]): ``FILE:COLUMN``: a table with a header,
            separated by tabs or commas; its column ``file`` (or ``name``,
            ``picture``, ``image``) says which picture, with its ending or
            without, the other of which kind it is.

    Returns:
        dict: ``all`` first, then ``COLUMN: KIND``, sorted.

    Raises:
        ValueError: If a table has no such columns, or not all pictures.
        FileNotFoundError: If it is not there.
    """
    groups = {'all': list(range(len(names)))}
    for table in tables:
        file, _, column = table.rpartition(':')
        if not file or not column:
            raise ValueError(f'kinds {table!r} name no column: give '
                             'FILE:COLUMN, such as masks.tsv:kind.')
        kinds = read_kinds(Path(file), column, names)
        complain([name for name in names if name not in kinds], len(names),
                 f'pictures are not in {file}', 'add them')
        for kind in sorted({kinds[name] for name in names}):
            groups[f'{column}: {kind}'] = [
                i for i, name in enumerate(names) if kinds[name] == kind]
    return groups


def read_kinds(path: Path, column: str, names: Sequence[str]
               ) -> dict[str, str]:
    """Return the kind of each picture, by its name without ending, as
    ``names`` are.

    Raises:
        ValueError: If it has not these columns, or says two kinds of one
            picture.
        FileNotFoundError: If it is not there.
    """
    if not path.is_file():
        raise FileNotFoundError(f'table {path} is not there: give a file with '
                                f'the columns {PICTURE[0]} and {column}.')
    try:
        lines = path.read_text('utf-8-sig').splitlines()
    except UnicodeDecodeError:
        raise ValueError(f'table {path} is no text: give tab-separated or '
                         'comma-separated values in UTF-8.') from None
    tab = '\t' if lines and '\t' in lines[0] else ','
    rows = csv.DictReader(lines, delimiter=tab)
    header = list(rows.fieldnames or [])
    which = next((x for x in PICTURE if x in header), None)
    if which is None or column not in header:
        raise ValueError(
            f'table {path} has the columns {", ".join(header) or "none"}: '
            f'expected {column}, and {" or ".join(PICTURE)}.')
    kinds: dict[str, str] = {}
    known = set(names)
    for row in rows:
        name, kind = (row[which] or '').strip(), (row[column] or '').strip()
        name = name if name in known else Path(name).stem
        if kinds.setdefault(name, kind) != kind:
            raise ValueError(f'table {path} says that {name} is {kinds[name]} '
                             f'and {kind}: leave one.')
    return kinds
