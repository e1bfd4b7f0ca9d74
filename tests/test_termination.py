import pytest

from stationary.termination import Termination


@pytest.mark.parametrize("code", Termination)
def test_every_code_says_what_happened_and_what_to_look_at(code):
    assert code.meaning.count(". Look at ") == 1
    assert code.meaning.endswith(".")


def test_codes_are_plain_text_in_tables():
    assert f"{Termination.CONVERGED}" == "converged" == Termination.CONVERGED
