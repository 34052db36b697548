"""A pretrained sentence encoder, all-MiniLM-L6-v2: all in-graph TensorFlow.

MiniLM (Wang et al. 2020, "MiniLM: Deep Self-Attention Distillation for
Task-Agnostic Compression of Pre-Trained Transformers") is a small BERT,
taught here to embed sentences (Reimers & Gurevych 2019, "Sentence-BERT").
`checkpoint.pretrained` makes it, `tokenizer.WordPieceTokenizer` gives it what
it reads.
"""
