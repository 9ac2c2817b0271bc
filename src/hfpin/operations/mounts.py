"""Which kind of file system a path is on, by the table that Linux keeps of what is mounted."""

from __future__ import annotations

from pathlib import Path

from hfpin.regex import lazily

NETWORK = frozenset(
    "9p afs beegfs ceph cifs fuse.ceph fuse.glusterfs fuse.juicefs fuse.sshfs gpfs lustre nfs nfs4 panfs "
    "smb3 smbfs wekafs".split()
)
"""File systems that other machines serve."""

_FIELDS = 3
_OCTAL = lazily(r"\\([0-7]{3})")


def file_system(path: Path, mounts: str) -> str | None:
    r"""Tell the kind of file system that a path is on.

    Args:
        path: An absolute path, links resolved.
        mounts: What `/proc/mounts` holds: device, folder, kind and more, with blanks in names as `\040`
            (https://man7.org/linux/man-pages/man5/fstab.5.html).

    Returns:
        `ext4`, `nfs4`, `lustre`; None where no line is about the path.
    """
    best: tuple[int, str] | None = None
    for line in mounts.splitlines():
        fields = line.split()
        if len(fields) < _FIELDS:
            continue
        folder = Path(_OCTAL.sub(lambda match: chr(int(match[1], 8)), fields[1]))
        depth = len(folder.parts)
        # what was mounted later over the same folder hides what was there
        if path.is_relative_to(folder) and (best is None or depth >= best[0]):
            best = depth, fields[2]
    return best[1] if best else None
