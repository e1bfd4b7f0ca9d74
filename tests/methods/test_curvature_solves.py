import numpy as np

from stationary.methods.curvature_solves import newton_steps, shifted_steps


def _systems(eigenvalues):
    generator = np.random.default_rng(0)
    bases = np.linalg.qr(generator.normal(size=(4, len(eigenvalues), len(eigenvalues))))[0]
    matrices = (bases * np.array(eigenvalues)) @ bases.swapaxes(1, 2)
    return 0.5 * (matrices + matrices.swapaxes(1, 2)), generator.normal(size=(4, len(eigenvalues)))


def test_the_step_is_that_of_the_pseudo_inverse_on_either_route():
    for smallest, decomposes in ((0.3, False), (1e-7, True)):
        hessian, gradient = _systems([-2.0, 1.0, 5.0, smallest])
        step, decomposed = newton_steps(hessian, gradient, 1e-6)
        expected = -np.matvec(np.linalg.pinv(hessian, rcond=1e-6, hermitian=True), gradient)
        np.testing.assert_allclose(step, expected, rtol=1e-9, atol=1e-12)
        assert (decomposed == decomposes).all()


def test_shifted_steps_are_those_of_shifted_pseudo_inverses():
    """Among the shifts one that cancels an eigenvalue."""
    for shifts in ((0.0, 0.01, 10.0), (0.4, 1.0)):
        hessian, gradient = _systems([-2.0, 1.0, 5.0, 0.5, -0.7])
        steps = shifted_steps(hessian, gradient, np.array(shifts), 1e-10)
        for column, shift in enumerate(shifts):
            shifted = hessian + 5.0 * shift * np.eye(5)
            expected = -np.matvec(np.linalg.pinv(shifted, rcond=1e-10, hermitian=True), gradient)
            np.testing.assert_allclose(steps[:, column], expected, rtol=1e-8, atol=1e-12)
