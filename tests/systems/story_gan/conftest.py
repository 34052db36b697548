"""A tiny BERT where the pretrained sentence encoder would be installed."""

import pytest

from tests.text.minilm import tiny_bert


@pytest.fixture(scope="module")
def tiny_minilm(tmp_path_factory):
    """Lets `sentence_encoder="minilm"` find a tiny BERT."""
    directory = tmp_path_factory.mktemp("package")
    tiny_bert.install(directory)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(directory)
        yield
