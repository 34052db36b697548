"""What a caption's vector is read from."""

import numpy as np
import pytest
import tensorflow as tf

from tfstory.systems.story_reasoning.captions import CaptionEncoder
from tfstory.text import vocabulary

_TOKENS = tf.constant(
    [[vocabulary.START, 5, 4, vocabulary.END, vocabulary.PAD]]
)


@pytest.mark.parametrize(
    "bidirectional, places", [(False, [3]), (True, [0, 3])]
)
def test_the_vector_comes_from_where_a_reading_ends(bidirectional, places):
    encoder = CaptionEncoder(
        6, 5, 4, 3, bidirectional=bidirectional, places=False
    )
    states, vectors = encoder(_TOKENS)
    read = sum(states[:, place] for place in places)
    np.testing.assert_allclose(vectors, encoder._vector(read), rtol=1e-6)
