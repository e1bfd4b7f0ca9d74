import gzip
import struct
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import scipy.ndimage
from sklearn.datasets import load_digits

from stationary.datasets import archives, digits, images, mnist
from stationary.errors import (
    DatasetDownloadError,
    DatasetFormatError,
    DatasetHashError,
    DatasetMissingError,
    DatasetPathError,
    UnknownDatasetError,
)

REAL = Path(__file__).parents[2] / ".." / "shared" / "data" / "mnist.npz"


@pytest.fixture
def raw():
    """Twelve and five small images in MNIST's layout."""
    rng = np.random.default_rng(0)
    parts = {}
    for name, number in (("train", 12), ("test", 5)):
        parts[f"x_{name}"] = rng.integers(0, 256, size=(number, 6, 6), dtype=np.uint8)
        parts[f"y_{name}"] = rng.integers(0, 10, size=number, dtype=np.uint8)
    return parts


def write_idx(folder, raw, pack=bytes, ending=""):
    for part, stem in mnist._STEMS.items():
        values = raw[part]
        header = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
        (folder / f"{stem}-idx{values.ndim}-ubyte{ending}").write_bytes(pack(header + values.tobytes()))


@pytest.mark.parametrize(("pack", "ending"), [(bytes, ""), (gzip.compress, ".gz")], ids=["plain", "gzip"])
def test_archive_and_idx_folder_give_the_same_images(tmp_path, raw, pack, ending):
    np.savez(tmp_path / "data.npz", **raw)
    (tmp_path / "idx").mkdir()
    write_idx(tmp_path / "idx", raw, pack, ending)
    one, two = (images.load("fashion_mnist", str(tmp_path / place)) for place in ("data.npz", "idx"))
    for part in archives.PARTS:
        np.testing.assert_array_equal(getattr(one, part), getattr(two, part))
    np.testing.assert_allclose(one.x_train, raw["x_train"].reshape(12, 36) / 255.0, rtol=1e-6)
    assert (one.x_train.dtype, one.x_test.shape, one.y_test.tolist()) == (np.float32, (5, 36), raw["y_test"].tolist())


@pytest.mark.parametrize("side", [1, 2, 3, 5, 10, 13])
def test_scaling_is_scipys_zoom_on_pixel_grids(side):
    stack = np.random.default_rng(side).random((3, 7, 9))
    zoom = (1, side / 7, side / 9)
    expected = scipy.ndimage.zoom(stack, zoom, order=1, mode="nearest", grid_mode=True)
    np.testing.assert_allclose(images.scaled(stack, side), expected, atol=1e-6)


def test_scaling_leaves_constants_and_the_own_side_alone():
    np.testing.assert_allclose(images.scaled(np.ones((1, 28, 28)), 10), 1.0, rtol=1e-6)
    whole = images.load("digits")
    np.testing.assert_array_equal(images.load("digits", side=8).x_test, whole.x_test)
    assert (whole.x_train.min(), whole.x_train.max(), whole.x_train.shape[0]) == (0.0, 1.0, digits.N_TRAIN)


def test_digits_are_those_that_scikit_learn_loads():
    raw = load_digits()
    x_train, y_train, x_test, y_test = digits.arrays()
    np.testing.assert_array_equal(16.0 * np.concatenate([x_train, x_test]), raw.images)
    np.testing.assert_array_equal(np.concatenate([y_train, y_test]), raw.target)


def test_noise_permutes_the_labels_and_nothing_else():
    plain, noise, other = images.load("digits"), images.load("digits_noise"), images.load("digits_noise", seed=1)
    np.testing.assert_array_equal(plain.x_train, noise.x_train)
    labels = [np.concatenate([data.y_train, data.y_test]) for data in (plain, noise, other)]
    assert (np.bincount(labels[0]) == np.bincount(labels[1])).all()
    assert (labels[0] == labels[1]).mean() < 0.2
    assert (labels[1] != labels[2]).any()


def broken(folder, raw, how):
    path = folder / "data.npz"
    if how == "missing":
        return str(path), DatasetMissingError
    if how == "missing part":
        write_idx(folder, raw)
        (folder / "t10k-labels-idx1-ubyte").unlink()
        return str(folder), DatasetMissingError
    changes = {"no y_test": {"y_test": None}, "floats": {"x_test": raw["x_test"] / 255.0}}
    changes |= {"flat": {"x_train": raw["x_train"].reshape(12, 36)}, "short": {"y_train": raw["y_train"][:-1]}}
    changes |= {
        "labels": {"y_test": raw["y_test"] + 9},
        "sizes": {"x_test": raw["x_test"][:, :5]},
        "empty": {"x_test": raw["x_test"][:0]},
    }
    parts = {name: values for name, values in (raw | changes.get(how, {})).items() if values is not None}
    np.savez(path, **parts)
    if how == "corrupted":
        path.write_bytes(path.read_bytes()[:100])
    if how == "text":
        path.write_text("no archive", encoding="utf-8")
    if how == "one array":
        np.save(folder / "array.npy", raw["x_train"])
        path = folder / "array.npy"
    return str(path), DatasetFormatError


FAULTS = [
    "missing",
    "missing part",
    "no y_test",
    "floats",
    "flat",
    "short",
    "labels",
    "sizes",
    "empty",
    "corrupted",
    "text",
    "one array",
]


@pytest.mark.parametrize("how", FAULTS)
def test_a_wrong_file_is_refused_in_one_line(tmp_path, raw, how):
    path, expected = broken(tmp_path, raw, how)
    with pytest.raises(expected) as refusal:
        images.load("fashion_mnist", path)
    assert "\n" not in str(refusal.value)
    assert path in str(refusal.value)


def test_other_images_than_mnists_are_refused_by_their_hash(tmp_path, raw):
    np.savez(tmp_path / "data.npz", **raw)
    with pytest.raises(DatasetHashError, match=r"is not mnist: the bytes of x_train .* minima.dataset"):
        images.load("mnist", str(tmp_path / "data.npz"))


def test_without_a_network_the_remedy_is_a_local_copy(monkeypatch):
    def load_data():
        raise Exception("URL fetch failure on https://storage: None --\n [Errno -2] Name or service not known")

    monkeypatch.setattr(archives, "import_module", lambda _: SimpleNamespace(load_data=load_data))
    with pytest.raises(DatasetDownloadError, match=r"^Keras could not fetch mnist .* minima.path\.$") as refusal:
        images.load("mnist")
    assert "\n" not in str(refusal.value)


def test_what_keras_downloads_is_read_as_a_file_is(monkeypatch, raw):
    pairs = ((raw["x_train"], raw["y_train"]), (raw["x_test"], raw["y_test"]))
    monkeypatch.setattr(archives, "import_module", lambda _: SimpleNamespace(load_data=lambda: pairs))
    assert images.load("fashion_mnist", side=3).x_train.shape == (12, 9)


def test_names_and_paths_that_make_no_sense():
    with pytest.raises(UnknownDatasetError, match=r"'cifar' is not a dataset\. Use one of: cifar10, digits, digits_noise"):
        images.load("cifar")
    with pytest.raises(DatasetPathError, match=r"comes with scikit-learn\. Leave the path empty"):
        images.load("digits", "somewhere.npz")


@pytest.mark.skipif(not REAL.exists(), reason="MNIST is not beside this repository")
def test_mnist_itself_passes_its_hashes():
    data = images.load("mnist", str(REAL), side=10)
    assert (data.x_train.shape, data.x_test.shape) == ((60000, 100), (10000, 100))
    assert np.bincount(data.y_test).tolist() == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]
