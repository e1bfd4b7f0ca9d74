"""Whether a dataset can be where the configuration says; light enough to be asked before any job is planned."""

from __future__ import annotations

from pathlib import Path

from stationary.errors import DatasetMissingError, DatasetPathError


def check(name: str, path: str, key: str = "minima.path") -> None:
    """Refuse a path that cannot be right; an empty one always can.

    Args:
        name: of the dataset.
        path: a file or a folder.
        key: of the configuration, which the refusal names.

    Raises:
        DatasetPathError: if a path is given for a dataset that comes with its package, or if Snakemake cannot read it.
        DatasetMissingError: if there is nothing at the path.
    """
    if path and name.startswith("digits"):
        raise DatasetPathError(f"{key} = {path!r}, but {name} comes with scikit-learn. Leave the path empty.")
    if set(path) & set("{}"):
        raise DatasetPathError(f"{key} = {path!r}: Snakemake takes braces for wildcards. Rename the file or folder.")
    if path and not _exists(path):
        raise DatasetMissingError(
            f"{key}: there is no file or folder {path[:200]}. Name a .npz in Keras' layout or a folder of IDX files, "
            "or leave it empty to download."
        )


def _exists(path: str) -> bool:
    try:
        return Path(path).exists()
    except OSError:  # no file system has names as long as that, or this folder is closed to us
        return False
