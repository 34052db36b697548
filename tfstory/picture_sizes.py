"""How large encoded pictures are, by their headers and in-graph.

A file of some kilobytes may unpack to gigabytes, so that this is looked at
before anything is unpacked.
"""

import tensorflow as tf

# Enough for any camera.
MAX_PIXELS = 50_000_000

# A PNG's header has to be its first chunk: one that hides behind another may
# be found by the decoder and not by this module.
_PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
_JPEG = b"\xff\xd8\xff"
_GIF = b"GIF8"
_BMP = b"BM"

# All that a header holds up to the size, in PNG, GIF and BMP.
_HEADER_BYTES = 26

_GIF_SCREEN_BYTES = 13
_GIF_FRAME = ord(",")
_GIF_FRAME_BYTES = 10
_GIF_EXTENSION = ord("!")
_GIF_EXTENSION_BYTES = 2
# A full part, with the byte that tells its length.
_GIF_PART_BYTES = 256
_GIF_ROW_BYTES = 1024 * _GIF_PART_BYTES


def limited(encoded: tf.Tensor, max_pixels: int = MAX_PIXELS) -> tf.Tensor:
    """Returns a picture as it is, where it is not too large to be decoded.

    Args:
      encoded: string `[]`.
      max_pixels: int, what `pixels` may find.

    Returns:
      string `[]`.

    Raises:
      tf.errors.InvalidArgumentError: the picture has more pixels, or is no
        PNG, JPEG, GIF or BMP.
    """
    # A GIF is read byte by byte, which would take long on a GPU.
    with tf.device("CPU:0"):
        found = pixels(encoded)
        checks = [
            tf.debugging.Assert(
                found > 0,
                ["a picture is no whole PNG, JPEG, GIF or BMP image"],
            ),
            tf.debugging.Assert(
                found <= max_pixels,
                [f"a picture has more than {max_pixels} pixels:", found],
            ),
        ]
        with tf.control_dependencies(checks):
            return tf.identity(encoded)


def pixels(encoded: tf.Tensor) -> tf.Tensor:
    """Returns how many pixels a decoder unpacks, as the header tells.

    Args:
      encoded: string `[]`, PNG, JPEG, GIF or BMP.

    Returns:
      int64 `[]`, width times height, and for a GIF times its frames: its
      decoder unpacks all of them, even to give the first. Not above zero
      where there is no such header.

    Raises:
      tf.errors.InvalidArgumentError: a JPEG's header is broken.
    """
    readers = {_PNG: _png, _JPEG: _jpeg, _GIF: _gif, _BMP: _bmp}
    cases = [
        (_starts_with(encoded, magic), lambda read=read: read(encoded))
        for magic, read in readers.items()
    ]
    return tf.case(cases, default=lambda: tf.constant(0, tf.int64))


def _starts_with(encoded: tf.Tensor, magic: bytes) -> tf.Tensor:
    return tf.strings.substr(encoded, 0, len(magic)) == magic


def _png(encoded: tf.Tensor) -> tf.Tensor:
    big_endian = tf.reshape(_header(encoded)[16:24], [2, 4])
    return _product(tf.bitcast(big_endian[:, ::-1], tf.int32))


def _jpeg(encoded: tf.Tensor) -> tf.Tensor:
    return _product(tf.io.extract_jpeg_shape(encoded)[:2])


def _bmp(encoded: tf.Tensor) -> tf.Tensor:
    size = tf.bitcast(tf.reshape(_header(encoded)[18:26], [2, 4]), tf.int32)
    # A negative height stands for rows from the top down.
    return tf.abs(_product(size))


def _gif(encoded: tf.Tensor) -> tf.Tensor:
    """Follows the blocks: each frame has a size of its own.

    The decoder makes room for every frame, and for a picture as wide as the
    widest and as high as the highest of them.
    """
    end = tf.strings.length(encoded)
    # So much that a block which begins within the file can be read.
    padding = tf.zeros([_GIF_FRAME_BYTES], tf.uint8)
    data = tf.concat([tf.io.decode_raw(encoded, tf.uint8), padding], axis=0)

    def at_block(at, frames, size):
        kind = data[at]
        # After an extension without content decoders disagree on what is next.
        extension = (kind == _GIF_EXTENSION) & (data[at + 2] > 0)
        return (kind == _GIF_FRAME) | extension

    def next_block(at, frames, size):
        block = data[at : at + _GIF_FRAME_BYTES]

        def frame():
            own_size = tf.bitcast(tf.reshape(block[5:9], [2, 2]), tf.uint16)
            # One byte more tells how the parts are packed.
            return (
                _GIF_FRAME_BYTES + _gif_table_bytes(block[9]) + 1,
                frames + 1,
                tf.maximum(size, tf.cast(own_size, tf.int64)),
            )

        length, frames, size = tf.cond(
            block[0] == _GIF_FRAME,
            frame,
            lambda: (_GIF_EXTENSION_BYTES, frames, size),
        )
        at = _after_gif_parts(data, tf.minimum(at + length, end), end)
        return at, frames, size

    start = _GIF_SCREEN_BYTES + _gif_table_bytes(_header(encoded)[10])
    at, frames, size = tf.while_loop(
        at_block,
        next_block,
        [
            tf.minimum(start, end),
            tf.constant(0, tf.int64),
            tf.zeros([2], tf.int64),
        ],
    )
    understood = data[at] != _GIF_EXTENSION
    return tf.where(understood, frames * _product(size), 0)


def _gif_table_bytes(flags: tf.Tensor) -> tf.Tensor:
    """Returns the bytes of the colour table that follows, int32 `[]`."""
    flags = tf.cast(flags, tf.int32)
    colours = tf.bitwise.left_shift(2, flags & 7)
    return tf.where(flags >= 128, 3 * colours, 0)


def _after_gif_parts(
    data: tf.Tensor, at: tf.Tensor, end: tf.Tensor
) -> tf.Tensor:
    """Skips a block's parts; each tells its length, and the last has none."""

    def next_part(at):
        # Most parts are full, and a row of such is skipped in one step.
        row = data[at : at + _GIF_ROW_BYTES : _GIF_PART_BYTES]
        are_full = tf.cast(row == _GIF_PART_BYTES - 1, tf.int32)
        full = tf.reduce_sum(tf.math.cumprod(are_full))
        length = 1 + tf.cast(data[at], tf.int32)
        step = tf.maximum(full * _GIF_PART_BYTES, length)
        return [tf.minimum(at + step, end)]

    (at,) = tf.while_loop(lambda at: data[at] > 0, next_part, [at])
    return at + 1


def _header(encoded: tf.Tensor) -> tf.Tensor:
    """Returns uint8 `[26]`; what a shorter file lacks is zero."""
    return tf.io.decode_raw(encoded, tf.uint8, fixed_length=_HEADER_BYTES)


def _product(size: tf.Tensor) -> tf.Tensor:
    return tf.reduce_prod(tf.cast(size, tf.int64))
