"""What plots of numbers show, and what they say that they cut off."""

import numpy as np
import pytest

from tests.systems.gaussian_gan import small
from tfstory.systems.gaussian_gan import sheets


@pytest.fixture
def figures(monkeypatch):
    """Leaves figures as they are, to look into."""
    monkeypatch.setattr(sheets, "to_picture", lambda figure: figure)


def _reddish(picture):
    red, green, blue = np.moveaxis(picture.astype(int), -1, 0)
    return np.sum((red > 200) & (green < 180) & (blue < 180))


def test_what_lies_far_from_the_data_is_seen():
    """The generator reaches 5, four deviations of the data end at 4."""
    model = small.system().model
    assert _reddish(sheets.histogram(np.full(100, 4.9), model)) > 1000


def test_a_bar_is_its_share_of_all_numbers(figures):
    model = small.system().model
    # 5.0 is what a tanh that knows no doubt gives.
    values = np.float32([0.01, 0.02, -4.5, 5.0])
    (axes,) = sheets.histogram(values, model).axes
    heights, edges, _ = axes.patches[0].get_data()
    assert edges[0] == -5.0 and edges[-1] == 5.0
    areas = heights * np.diff(edges)
    np.testing.assert_allclose(areas[areas > 0], [0.25, 0.5, 0.25])
    assert areas[-1] > 0


def test_a_scale_below_the_data_hides_none_of_these():
    config = small.config()
    config.model.output_scale = 0.1
    model = small.GaussianGan(config).model
    assert model.shown == (-4.0, 4.0)


def test_spikes_that_are_cut_off_bear_their_height(figures):
    made = small.system()
    made.adapt([])
    for variable in made.model.generator.weights:
        variable.assign(np.zeros(variable.shape))
    _, now = made.sample_sheet(small.batch()).axes
    # All numbers in one of 80 bins over 10.
    assert [text.get_text() for text in now.texts] == ["8.0"]
    (mark,) = now.texts
    assert mark.xy[0] == pytest.approx(0.0, abs=0.125)
    assert now.get_ylim()[1] < 8.0


def test_data_that_are_cut_off_bear_their_height(figures):
    config = small.config()
    config.data.builder.variances = (0.01,)
    made = small.GaussianGan(config)
    made.adapt([])
    for axes in made.sample_sheet(small.batch()).axes:
        # 1 / sqrt(2 pi 0.01)
        assert "4.0" in [text.get_text() for text in axes.texts]


def test_compared_densities_are_whole(figures):
    made = small.system()
    compared = small.GaussianGan.comparison_sheet({"a": made})
    heights, edges, _ = compared.axes[1].patches[0].get_data()
    assert np.sum(heights * np.diff(edges)) == pytest.approx(1.0)
    assert (edges[0], edges[-1]) == (-5.0, 5.0)


def _decisions(axes):
    return [line for line in axes.lines if "D" in str(line.get_label())]


def test_decisions_beside_generated_numbers_are_drawn_where_they_differ(
    figures,
):
    made = small.system("remedy")
    made.adapt([])
    model = made.model
    for axes in made.sample_sheet(small.batch()).axes:
        real, generated = _decisions(axes)
        points = np.float32(real.get_xdata())
        for line, others in (
            (real, np.float32(model.target.references)),
            (generated, model.quadrature()),
        ):
            logits = model.discriminator(points, others, first=None)
            np.testing.assert_allclose(
                line.get_ydata(), 1 / (1 + np.exp(-logits)), atol=1e-5
            )
        assert np.ptp(real.get_ydata() - generated.get_ydata()) > 1e-3
        assert real.get_linestyle() != generated.get_linestyle()
    compared = small.GaussianGan.comparison_sheet({"a": made})
    # Both, and the line at a half.
    assert len(compared.axes[0].lines) == 3


def test_a_discriminator_that_looks_at_each_alone_has_one_curve(figures):
    made = small.system()
    made.adapt([])
    for axes in made.sample_sheet(small.batch()).axes:
        assert len(_decisions(axes)) == 1
    compared = small.GaussianGan.comparison_sheet({"a": made})
    assert len(compared.axes[0].lines) == 2
