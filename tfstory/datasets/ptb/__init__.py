"""The Penn Treebank as language models read it."""
