"""Encoded pictures to arrays and back, in-graph and the same everywhere."""

import tensorflow as tf


def decode(encoded: tf.Tensor, size: int) -> tf.Tensor:
    """Decodes and resizes PNG, JPEG, GIF (first frame) or BMP pictures.

    Args:
      encoded: string, any shape.
      size: int, height and width of the result, in pixels. Aspect ratios
        are not kept.

    Returns:
      uint8 `[..., size, size, 3]`.

    Raises:
      tf.errors.InvalidArgumentError: a picture cannot be decoded.
    """
    pictures = tf.map_fn(
        lambda content: _decode_one(content, size),
        tf.reshape(encoded, [-1]),
        fn_output_signature=tf.TensorSpec([size, size, 3], tf.uint8),
    )
    shape = tf.concat([tf.shape(encoded), [size, size, 3]], axis=0)
    result = tf.reshape(pictures, shape)
    result.set_shape(encoded.shape.concatenate([size, size, 3]))
    return result


def to_unit(pictures: tf.Tensor) -> tf.Tensor:
    """Returns uint8 pictures as float32 in [0, 1]."""
    return tf.cast(pictures, tf.float32) / 255.0


def to_uint8(pictures: tf.Tensor) -> tf.Tensor:
    """Returns pictures in [0, 1] as uint8, rounded to the nearest."""
    scaled = tf.round(tf.cast(pictures, tf.float32) * 255.0)
    return tf.cast(tf.clip_by_value(scaled, 0.0, 255.0), tf.uint8)


def encode_png(pictures: tf.Tensor) -> tf.Tensor:
    """Encodes pictures.

    Args:
      pictures: uint8 `[n, height, width, 3]`.

    Returns:
      string `[n]`, PNG.
    """
    return tf.map_fn(tf.io.encode_png, pictures, fn_output_signature=tf.string)


def _decode_one(content: tf.Tensor, size: int) -> tf.Tensor:
    picture = tf.io.decode_image(content, channels=3, expand_animations=False)
    picture.set_shape([None, None, 3])
    right_size = tf.reduce_all(tf.shape(picture)[:2] == size)

    def resized():
        return to_uint8(
            tf.image.resize(picture, [size, size], antialias=True) / 255.0
        )

    picture = tf.cond(right_size, lambda: picture, resized)
    return tf.ensure_shape(picture, [size, size, 3])
