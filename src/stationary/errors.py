"""A user's mistakes: one class per mistake, one clear line each, with the remedy in it."""


class UserError(Exception):
    """Something the user can put right; its text is one line and ends with the remedy."""


class ConfigError(UserError):
    """A key or a value of the configuration is not allowed."""


class CorruptTableError(UserError):
    """The rows of a stored table do not match the hash written beside them."""


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


class VerdictsMissingError(UserError):
    """A folder was named that holds no verdicts."""
