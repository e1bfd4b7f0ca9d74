"""A user's mistakes: one class per mistake, one clear line each, with the remedy in it."""


class UserError(Exception):
    """Something the user can put right; its text is one line and ends with the remedy."""

    def __str__(self) -> str:
        """The line; what would break it (a file's name may hold a line break) stands there as an escape."""
        return "".join(sign if sign.isprintable() else sign.encode("unicode_escape").decode() for sign in super().__str__())


class ConfigError(UserError):
    """A key or a value of the configuration is not allowed."""


class CorruptTableError(UserError):
    """A stored table is no Parquet, or its rows do not match the hash written beside them."""


class StorageError(UserError):
    """A disk is full, read-only or broken."""


class TableSchemaError(UserError):
    """A table was handed over with other columns than it declares, or tables do not fit together."""


class UnknownModuleError(UserError):
    """A module was named that is no part of the package."""


class UnknownDatasetError(UserError):
    """A dataset was named that there is no loader for."""


class DatasetPathError(UserError):
    """A path was given to a dataset that has none."""


class DatasetMissingError(UserError):
    """A dataset's file or folder is not where the configuration says."""


class DatasetFormatError(UserError):
    """A file does not hold images and labels in the layout its name or place promises."""


class DatasetHashError(UserError):
    """A file is well formed but does not hold the dataset it is named for."""


class DatasetDownloadError(UserError):
    """Keras could not fetch a dataset."""


class DeviceError(UserError):
    """A job was told to compute on a device that is not there."""


class LedgerError(UserError):
    """The ledger of claims names something that does not exist, or does not fit the claims it is about."""


class ReferenceTableError(UserError):
    """A kept table is missing, is not the one that was kept, or lacks a column that is asked for."""


class RunIncompleteError(UserError):
    """A run's results lack a table, or were not computed with one set of settings."""
