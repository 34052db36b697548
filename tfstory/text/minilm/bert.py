"""BERT's encoder: a stack of transformer layers over embedded tokens."""

import dataclasses

import keras
import tensorflow as tf

PAD = 0


@dataclasses.dataclass(frozen=True)
class BertConfig:
    """Sizes of a BERT; the defaults are those of all-MiniLM-L6-v2.

    Attributes:
      vocabulary_size: int, token ids.
      units: int, size of a token's state.
      layers: int, transformer layers.
      heads: int, attention heads a layer; they share the units among them.
      inner_units: int, width of a layer's dense block.
      max_length: int, positions that have an embedding.
      segments: int, embeddings of token types; single sentences use the first.
      epsilon: float, of layer normalisation.
    """

    vocabulary_size: int = 30522
    units: int = 384
    layers: int = 6
    heads: int = 12
    inner_units: int = 1536
    max_length: int = 512
    segments: int = 2
    epsilon: float = 1e-12


class TransformerLayer(keras.layers.Layer):
    """Self-attention and a dense block, each normalised with what it changed.

    Vaswani et al. 2017, with the exact GELU (Hendrycks & Gimpel 2016) of
    Devlin et al. 2019. There is no dropout: it is for use, not for training.

    Args:
      config: BertConfig.
    """

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        self.attention = keras.layers.MultiHeadAttention(
            config.heads, config.units // config.heads, name="attention"
        )
        self.attention_norm = keras.layers.LayerNormalization(
            epsilon=config.epsilon, name="attention_norm"
        )
        self.wide = keras.layers.Dense(config.inner_units, name="wide")
        self.narrow = keras.layers.Dense(config.units, name="narrow")
        self.dense_norm = keras.layers.LayerNormalization(
            epsilon=config.epsilon, name="dense_norm"
        )

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Makes the weights for states of shape `[batch, length, units]`."""
        self.attention.build(shape, shape)
        self.attention_norm.build(shape)
        self.wide.build(shape)
        self.narrow.build((*shape[:-1], self.wide.units))
        self.dense_norm.build(shape)
        self.built = True

    def call(self, states: tf.Tensor, mask: tf.Tensor) -> tf.Tensor:
        """Lets the tokens of a sentence see each other.

        Args:
          states: float `[batch, length, units]`.
          mask: bool `[batch, 1, length]`, the tokens that may be seen.

        Returns:
          float `[batch, length, units]`.
        """
        seen = self.attention(states, states, attention_mask=mask)
        states = self.attention_norm(states + seen)
        inner = keras.activations.gelu(self.wide(states), approximate=False)
        return self.dense_norm(states + self.narrow(inner))


class BertEncoder(keras.Model):
    """Turns token ids into states that know the whole sentence.

    Devlin et al. 2019, "BERT: Pre-training of Deep Bidirectional Transformers
    for Language Understanding", without the pooler and the heads above it. Its
    weights are there as soon as it is made.

    Args:
      config: BertConfig.

    Raises:
      ValueError: the heads cannot share the units.
    """

    def __init__(self, config: BertConfig, **kwargs):
        super().__init__(**kwargs)
        if config.units % config.heads:
            raise ValueError(
                f"{config.heads} heads cannot share {config.units} units"
            )
        self.config = config
        self.words, self.positions, self.segments = (
            keras.layers.Embedding(size, config.units, name=name)
            for size, name in (
                (config.vocabulary_size, "words"),
                (config.max_length, "positions"),
                (config.segments, "segments"),
            )
        )
        self.norm = keras.layers.LayerNormalization(
            epsilon=config.epsilon, name="norm"
        )
        self.stack = [
            TransformerLayer(config, name=f"layer_{i}")
            for i in range(config.layers)
        ]
        self.build((None, None))

    def build(self, shape: tuple[int | None, ...]) -> None:
        """Makes the weights for ids of shape `[batch, length]`."""
        for embedding in (self.words, self.positions, self.segments):
            embedding.build(shape)
        for layer in (self.norm, *self.stack):
            layer.build((*shape, self.config.units))
        self.built = True

    def call(self, token_ids: tf.Tensor) -> tf.Tensor:
        """Encodes sentences.

        Args:
          token_ids: int32 `[batch, length]`, `PAD` where a sentence has ended.

        Returns:
          float `[batch, length, units]` in the policy's compute type; what
          stands at padding means nothing.

        Raises:
          ValueError: the length exceeds the config's `max_length`.
        """
        length = token_ids.shape[1]
        if length is not None and length > self.config.max_length:
            raise ValueError(
                f"sentences of {length} tokens; this BERT reads "
                f"{self.config.max_length} at most"
            )
        states = (
            self.words(token_ids)
            + self.positions(tf.range(tf.shape(token_ids)[1]))
            + self.segments(tf.zeros([1, 1], tf.int32))
        )
        states = self.norm(states)
        mask = (token_ids != PAD)[:, tf.newaxis, :]
        for layer in self.stack:
            states = layer(states, mask)
        return states
