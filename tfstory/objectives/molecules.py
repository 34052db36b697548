"""Objectives of molecules, written as SMILES; by RDKit, an optional package.

Those of ORGAN (Guimaraes et al. 2017, arXiv:1705.10843). RDKit reads one
molecule at a time, outside the graph.
"""

from collections.abc import Callable

import numpy as np
import tensorflow as tf

from tfstory.objectives.registry import TEXT, objective

# Octanol-water partition coefficients that are 0 and 1, from the authors'
# code: about those of the molecules that it was trained on.
_LOWEST_LOGP = -2.12
_HIGHEST_LOGP = 6.04


@objective("validity", takes=TEXT, in_graph=False, needs="rdkit")
def validity(smiles: tf.Tensor) -> tf.Tensor:
    """Returns 1 for what is a molecule, else 0.

    Args:
      smiles: string `[batch]`.

    Returns:
      float32 `[batch]`.
    """
    return _score(smiles, lambda molecule: 1.0)


@objective("qed", takes=TEXT, in_graph=False, needs="rdkit")
def qed(smiles: tf.Tensor) -> tf.Tensor:
    """Returns how like a drug molecules are.

    Bickerton et al. 2012, "Quantifying the chemical beauty of drugs".

    Args:
      smiles: string `[batch]`.

    Returns:
      float32 `[batch]` in [0, 1]; 0 for what is no molecule.
    """

    def score(molecule):
        from rdkit.Chem import QED

        return QED.qed(molecule)

    return _score(smiles, score)


@objective("logp", takes=TEXT, in_graph=False, needs="rdkit")
def logp(smiles: tf.Tensor) -> tf.Tensor:
    """Returns how well molecules dissolve in fat rather than in water.

    The estimate of log P of Wildman and Crippen 1999, "Prediction of
    Physicochemical Parameters by Atomic Contributions"; -2.12 and less is 0,
    6.04 and more is 1, linear between them.

    Args:
      smiles: string `[batch]`.

    Returns:
      float32 `[batch]` in [0, 1]; 0 for what is no molecule.
    """

    def score(molecule):
        from rdkit.Chem import Crippen

        share = Crippen.MolLogP(molecule) - _LOWEST_LOGP
        return min(max(share / (_HIGHEST_LOGP - _LOWEST_LOGP), 0.0), 1.0)

    return _score(smiles, score)


def _score(smiles: tf.Tensor, score: Callable) -> tf.Tensor:
    """Scores each molecule; 0 for what is none."""
    from rdkit import Chem, rdBase

    def score_all(texts: np.ndarray) -> np.ndarray:
        scores = np.zeros(texts.shape, np.float32)
        # It would report every text that is no molecule.
        with rdBase.BlockLogs():
            for place, text in enumerate(texts):
                molecule = Chem.MolFromSmiles(text.decode(errors="replace"))
                # It takes an empty text for a molecule without atoms.
                if molecule is not None and molecule.GetNumAtoms():
                    scores[place] = score(molecule)
        return scores

    scores = tf.numpy_function(score_all, [smiles], tf.float32)
    return tf.ensure_shape(scores, smiles.shape)
