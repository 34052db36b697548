"""Encoded pictures to arrays and back, in-graph and the same everywhere."""

import tensorflow as tf

from tfstory import picture_sizes

_PNG = b"\x89PNG"
# Where a PNG's header gives the bits of a sample.
_PNG_DEPTH_AT = 24


def decode(encoded: tf.Tensor, size: int) -> tf.Tensor:
    """Decodes and resizes PNG, JPEG, GIF (first frame) or BMP pictures.

    Args:
      encoded: string, any shape; pictures as `on_white` takes them.
      size: int, height and width of the result, in pixels. Aspect ratios
        are not kept.

    Returns:
      uint8 `[..., size, size, 3]`.

    Raises:
      tf.errors.InvalidArgumentError: a picture cannot be decoded, or is too
        large, as `on_white` says.
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


def on_white(encoded: tf.Tensor) -> tf.Tensor:
    """Decodes one picture; what is transparent in a PNG shows white behind.

    How large it is, is looked at before it is decoded.

    Args:
      encoded: string `[]`, PNG (of 16 bits a sample the upper 8 count), JPEG,
        GIF (first frame) or BMP.

    Returns:
      uint8 `[height, width, 3]`.

    Raises:
      tf.errors.InvalidArgumentError: the picture cannot be decoded, or has
        more than `picture_sizes.MAX_PIXELS` (all frames of a GIF together).
    """
    encoded = picture_sizes.limited(encoded)
    picture = tf.cond(
        tf.strings.substr(encoded, 0, len(_PNG)) == _PNG,
        lambda: _png_on_white(encoded),
        lambda: tf.io.decode_image(
            encoded, channels=3, expand_animations=False
        ),
    )
    return tf.ensure_shape(picture, [None, None, 3])


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


def _decode_one(encoded: tf.Tensor, size: int) -> tf.Tensor:
    picture = on_white(encoded)
    right_size = tf.reduce_all(tf.shape(picture)[:2] == size)

    def resized():
        return to_uint8(
            tf.image.resize(picture, [size, size], antialias=True) / 255.0
        )

    picture = tf.cond(right_size, lambda: picture, resized)
    return tf.ensure_shape(picture, [size, size, 3])


def _png_on_white(encoded: tf.Tensor) -> tf.Tensor:
    decoded = tf.io.decode_png(encoded, channels=4)
    colours, alpha = decoded[..., :3], decoded[..., 3:]
    # The decoder gives an opaque picture the largest number of its own depth
    # as alpha: 1 for one bit, 255 for eight.
    depth = tf.io.decode_raw(
        tf.strings.substr(encoded, _PNG_DEPTH_AT, 1), tf.uint8
    )[0]
    opaque = tf.bitwise.left_shift(
        tf.constant(1, tf.int32), tf.minimum(tf.cast(depth, tf.int32), 8)
    )
    opaque = tf.cast(opaque - 1, tf.uint8)

    def blended():
        ink = tf.cast(colours, tf.float32) - 255.0
        blend = tf.round(255.0 + ink * to_unit(alpha))
        return tf.cast(blend, tf.uint8)

    return tf.cond(tf.reduce_all(alpha == opaque), lambda: colours, blended)
