"""Weights of a checkpoint, and checkpoints that do not fit."""

import numpy as np
import pytest

from tests.text.minilm import tiny_bert
from tfstory.errors import UserError
from tfstory.text.minilm import bert, checkpoint

QUERY = "encoder.layer.1.attention.self.query.weight"


@pytest.fixture
def encoder():
    return bert.BertEncoder(tiny_bert.CONFIG)


@pytest.fixture
def tensors():
    return tiny_bert.checkpoint()


def test_what_gives_no_states_is_passed_over(encoder, tensors):
    tensors["pooler.dense.weight"] = np.zeros([8, 8], np.float32)
    tensors["embeddings.position_ids"] = np.arange(12)[np.newaxis]
    checkpoint.load(encoder, tensors)
    np.testing.assert_array_equal(
        encoder.words.embeddings, tensors["embeddings.word_embeddings.weight"]
    )


def _rename(tensors):
    tensors["bert." + QUERY] = tensors[QUERY]


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda t: t.pop(QUERY), f"lacks 1 tensors of this BERT, {QUERY}"),
        (_rename, f"1 tensors that this BERT has no place for, bert.{QUERY}"),
        (
            lambda t: t.update({QUERY: t[QUERY][:, :7]}),
            rf"{QUERY} has the shape \[8, 7\]; this BERT needs \[8, 8\]",
        ),
        (
            lambda t: t.update({QUERY: t[QUERY].reshape(-1)}),
            r"the shape \[64\]; this BERT needs \[8, 8\]",
        ),
    ],
)
def test_a_checkpoint_that_does_not_fit(encoder, tensors, damage, message):
    before = encoder.get_weights()
    damage(tensors)
    with pytest.raises(UserError, match=message):
        checkpoint.load(encoder, tensors)
    for old, new in zip(before, encoder.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)
