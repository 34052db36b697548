"""Structural similarity (SSIM) of pictures."""

import tensorflow as tf

# As in Wang et al.: an 11x11 Gaussian window and two stabilising constants.
WINDOW_SIZE = 11
_WINDOW_SIGMA = 1.5
_K1 = 0.01
_K2 = 0.03


def ssim(predicted: tf.Tensor, target: tf.Tensor) -> tf.Tensor:
    """Returns the mean SSIM of each picture.

    Wang et al. 2004, "Image quality assessment: from error visibility to
    structural similarity": 11x11 Gaussian window of standard deviation 1.5,
    K1 = 0.01, K2 = 0.03, dynamic range 1; averaged over the windows that lie
    wholly inside the picture, then over the colour channels (no conversion to
    grey).

    Args:
      predicted: float `[n, height, width, 3]` in [0, 1].
      target: float, the shape of `predicted`, in [0, 1].

    Returns:
      float32 `[n]`, in [-1, 1]; 1 for equal pictures.

    Raises:
      ValueError: pictures known to be smaller than the window.
    """
    for size in target.shape[1:3]:
        if size is not None and size < WINDOW_SIZE:
            raise ValueError(
                f"SSIM needs pictures of {WINDOW_SIZE}x{WINDOW_SIZE} pixels "
                f"or more, not {target.shape[1]}x{target.shape[2]}"
            )
    return tf.image.ssim(
        tf.cast(predicted, tf.float32),
        tf.cast(target, tf.float32),
        max_val=1.0,
        filter_size=WINDOW_SIZE,
        filter_sigma=_WINDOW_SIGMA,
        k1=_K1,
        k2=_K2,
    )
