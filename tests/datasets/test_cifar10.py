import numpy as np
import pytest

from stationary.datasets import images
from stationary.errors import DatasetFormatError, DatasetMissingError


@pytest.fixture
def raw():
    """Six and four small coloured images in CIFAR-10's layout, labels in a column."""
    rng = np.random.default_rng(0)
    sizes = {"train": 6, "test": 4}
    pixels = {f"x_{name}": rng.integers(0, 256, size=(n, 8, 8, 3), dtype=np.uint8) for name, n in sizes.items()}
    return pixels | {f"y_{name}": rng.integers(0, 10, size=(n, 1), dtype=np.uint8) for name, n in sizes.items()}


def test_images_are_grey_and_labels_are_a_row(tmp_path, raw):
    np.savez(tmp_path / "data.npz", **raw)
    found = images.load("cifar10", str(tmp_path / "data.npz"), section="saddles")
    grey = (0.299 * raw["x_train"][..., 0] + 0.587 * raw["x_train"][..., 1] + 0.114 * raw["x_train"][..., 2]) / 255.0
    np.testing.assert_allclose(found.x_train, grey.reshape(6, 64), rtol=1e-5)
    assert found.y_test.tolist() == raw["y_test"][:, 0].tolist()
    assert images.load("cifar10", str(tmp_path / "data.npz"), side=4).x_test.shape == (4, 16)


def test_grey_images_and_a_missing_file_are_refused_in_one_line(tmp_path, raw):
    np.savez(tmp_path / "grey.npz", **raw | {"x_train": raw["x_train"][..., 0]})
    with pytest.raises(DatasetFormatError, match=r"x_train of unsigned bytes and shape \(n, height, width, 3\).*saddles.path"):
        images.load("cifar10", str(tmp_path / "grey.npz"), section="saddles")
    with pytest.raises(DatasetMissingError, match=r"^saddles\.path: there is no file"):
        images.load("cifar10", str(tmp_path / "nothing.npz"), section="saddles")
