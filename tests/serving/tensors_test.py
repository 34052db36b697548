"""TensorProto from and to arrays: the same as TensorFlow's own."""

import numpy as np
import pytest

from serving import tensors
from serving.protos import tensor_pb2, types_pb2

NUMERIC = [
    np.bool_, np.complex64, np.complex128, np.float16, np.float32, np.float64,
    np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32,
    np.uint64,
]  # fmt: skip


@pytest.mark.parametrize("dtype", NUMERIC)
@pytest.mark.parametrize("as_fields", [False, True])
def test_numbers_agree_with_tensorflow(dtype, as_fields):
    import tensorflow as tf

    array = np.array([[0, 1, 2], [3, 4, 100]]).astype(dtype)
    proto = tensors.encode(array, as_fields)
    np.testing.assert_array_equal(tf.make_ndarray(proto), array)
    assert tf.make_ndarray(proto).dtype == dtype
    for theirs in (tf.make_tensor_proto(array), tf.make_tensor_proto(array[0])):
        decoded = tensors.decode(theirs)
        np.testing.assert_array_equal(decoded, tf.make_ndarray(theirs))
        assert decoded.dtype == dtype


@pytest.mark.parametrize("as_fields", [False, True])
@pytest.mark.parametrize("shape", [(), (0,), (2, 0, 3), (1,)])
def test_scalars_and_empty_arrays_keep_their_shape(shape, as_fields):
    array = np.zeros(shape, np.float32)
    decoded = tensors.decode(tensors.encode(array, as_fields))
    assert decoded.shape == shape
    assert decoded.dtype == np.float32


def test_strings_keep_trailing_zero_bytes_and_utf8():
    decoded = tensors.decode(tensors.encode([["a\0", b"\xff\0\0"], ["ä", ""]]))
    assert decoded.shape == (2, 2)
    assert decoded.tolist() == [[b"a\0", b"\xff\0\0"], ["ä".encode(), b""]]


def test_one_value_fills_the_shape():
    import tensorflow as tf

    proto = tf.make_tensor_proto(7.0, shape=[2, 3])
    assert len(proto.float_val) == 1
    np.testing.assert_array_equal(
        tensors.decode(proto), np.full((2, 3), 7.0, np.float32)
    )


def test_the_last_value_fills_the_rest():
    proto = tensor_pb2.TensorProto(dtype=types_pb2.DT_INT32, int_val=[1, 2])
    proto.tensor_shape.dim.add(size=4)
    assert tensors.decode(proto).tolist() == [1, 2, 2, 2]


def _proto(size, **fields):
    proto = tensor_pb2.TensorProto(**fields)
    proto.tensor_shape.dim.add(size=size)
    return proto


@pytest.mark.parametrize(
    ("proto", "message"),
    [
        (_proto(-1, dtype=types_pb2.DT_FLOAT), "not fully known"),
        (
            _proto(10**12, dtype=types_pb2.DT_FLOAT),
            "\\[1000000000000\\] takes 4000000000000 bytes, and 1048576 are",
        ),
        (_proto(10**12, dtype=types_pb2.DT_STRING), "1048576 are allowed"),
        (
            _proto(2, dtype=types_pb2.DT_FLOAT, tensor_content=b"12345"),
            "5 bytes where shape \\[2\\] takes 8",
        ),
        (
            _proto(2, dtype=types_pb2.DT_FLOAT, float_val=[1, 2, 3]),
            "3 values where shape \\[2\\] takes 2",
        ),
        (_proto(1, dtype=types_pb2.DT_VARIANT), "variant is not supported"),
        (_proto(1, dtype=999), "999 is not supported"),
        (_proto(1, dtype=types_pb2.DT_UINT8, int_val=[-1]), None),
    ],
)
def test_contradictory_messages_are_refused(proto, message):
    if message is None:  # Wraps around, as TensorFlow's does.
        assert tensors.decode(proto).tolist() == [255]
        return
    with pytest.raises(ValueError, match=message):
        tensors.decode(proto, max_bytes=2**20)


def test_strings_count_with_all_their_bytes():
    strings = [b"x" * 100, b"y" * 1000]
    whole = 2 * 24 + 1100  # TensorFlow takes 24 bytes a string besides.
    proto = tensors.encode(strings)
    assert tensors.decode(proto, max_bytes=whole).tolist() == strings
    with pytest.raises(ValueError, match=f"takes {whole} bytes"):
        tensors.decode(proto, max_bytes=whole - 1)


def test_a_string_that_fills_the_shape_counts_every_time():
    proto = _proto(50, dtype=types_pb2.DT_STRING, string_val=[b"x" * 1000])
    whole = 50 * (24 + 1000)
    assert tensors.decode(proto, max_bytes=whole).shape == (50,)
    with pytest.raises(ValueError, match=f"takes {whole} bytes"):
        tensors.decode(proto, max_bytes=whole - 1)


def test_ragged_and_foreign_values_are_refused():
    with pytest.raises(ValueError, match="different lengths|inhomogeneous"):
        tensors.encode([["a", "b"], ["c"]])
    with pytest.raises(ValueError, match="dict stands among its strings"):
        tensors.encode(np.array([{}], dtype=object))
