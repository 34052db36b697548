"""Objectives of molecules; most need RDKit, of the extra `molecules`."""

import sys

import numpy as np
import pytest
import tensorflow as tf

from tfstory.errors import UserError
from tfstory.objectives import registry

OBJECTIVES = ["logp", "qed", "validity"]


def _rewards(name, *smiles):
    needs_rdkit()
    function = tf.function(
        registry.get(name).function,
        input_signature=[tf.TensorSpec([None], tf.string)],
    )
    return function(tf.constant(smiles, tf.string))


def needs_rdkit():
    pytest.importorskip("rdkit", reason="needs the extra `molecules`")


@pytest.mark.parametrize("name", OBJECTIVES)
def test_without_rdkit_it_says_what_to_install(name, monkeypatch):
    monkeypatch.setitem(sys.modules, "rdkit", None)
    with pytest.raises(UserError, match="needs the package rdkit; install it"):
        registry.ready(name)


def test_they_are_built_in_and_take_text():
    assert {registry.get(name).takes for name in OBJECTIVES} == {"text"}


@pytest.mark.parametrize("name", OBJECTIVES)
def test_what_is_no_molecule_has_no_reward(name):
    # An open ring, five bonds of a carbon, no word of SMILES, nothing, and
    # bytes that are no text.
    none = ["C1CC", "C(C)(C)(C)(C)C", "story", "", b"\xff"]
    rewards = _rewards(name, "CCO", *none)
    assert rewards[0] > 0
    np.testing.assert_array_equal(rewards[1:], [0] * 5)
    assert _rewards(name).shape == 0


def test_validity_is_one_for_molecules():
    np.testing.assert_array_equal(_rewards("validity", "CCO", "c1ccccc1"), 1)


def test_qed_of_aspirin_and_of_a_long_chain():
    aspirin, chain = _rewards("qed", "CC(=O)Oc1ccccc1C(=O)O", "C" * 30)
    assert float(aspirin) == pytest.approx(0.550, abs=0.001)
    assert float(chain) < 0.3


def test_logp_by_hand():
    # Ethanol: -0.0014; benzene: 1.6866. A chain is above the range.
    rewards = _rewards("logp", "CCO", "c1ccccc1", "C" * 30)
    expected = [(-0.0014 + 2.12) / 8.16, (1.6866 + 2.12) / 8.16, 1.0]
    np.testing.assert_allclose(rewards, expected, atol=1e-4)
