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
        DatasetPathError: if a path is given for a dataset that comes with its package.
        DatasetMissingError: if there is nothing at the path.
    """
    if path and name.startswith("digits"):
        raise DatasetPathError(f"{key} = {path!r}, but {name} comes with scikit-learn. Leave the path empty.")
    if path and not Path(path).exists():
        raise DatasetMissingError(
            f"{key}: there is no file or folder {path}. Name a .npz in Keras' layout or a folder of IDX files, "
            "or leave it empty to download."
        )
