"""How much memory is free, where the system tells."""
import os
from pathlib import Path
from typing import Optional

GROUPS = Path('/sys/fs/cgroup')
OWN = Path('/proc/self/cgroup')


def available() -> Optional[int]:
    """Return how many bytes are free, of the machine and of what a container
    or a job of a cluster may have; None if nobody tells."""
    found = [x for x in (of_machine(), of_group()) if x is not None]
    return min(found, default=None)


def of_machine() -> Optional[int]:
    try:
        with open('/proc/meminfo') as lines:
            for line in lines:
                if line.startswith('MemAvailable:'):
                    return int(line.split()[1]) << 10
    except (OSError, ValueError):
        pass
    try:
        return os.sysconf('SC_AVPHYS_PAGES') * os.sysconf('SC_PAGE_SIZE')
    except (AttributeError, OSError, ValueError):
        return None


def of_group(groups: Path = GROUPS, own: Path = OWN) -> Optional[int]:
    """Return what the control group (version 2) and those above it leave;
    None if there is no limit."""
    try:
        name = next(line[3:].strip().strip('/') for line in
                    own.read_text().splitlines() if line.startswith('0::'))
    except (OSError, StopIteration):
        return None
    place, left = groups / name, []
    for folder in (place, *place.parents):
        if groups in (folder, *folder.parents):
            left += _left(folder)
    return min(left, default=None)


def _left(group: Path) -> list[int]:
    """Its limit without what is used; files that were read can go."""
    try:
        limit = int((group / 'memory.max').read_text())
        used = int((group / 'memory.current').read_text())
        stat = dict(line.split() for line in
                    (group / 'memory.stat').read_text().splitlines())
        return [max(limit - used + int(stat.get('inactive_file', 0)), 0)]
    except (OSError, ValueError):  # none, or 'max'
        return []
