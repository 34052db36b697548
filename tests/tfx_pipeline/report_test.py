"""What the report takes from a run's directory."""

from tfx_pipeline.components import report


def test_sheets_are_pictures_or_text(tmp_path):
    (tmp_path / "final.png").write_bytes(b"\x89PNG")
    (tmp_path / "toy_epoch_001.txt").write_text("ünder way\n", "utf-8")
    (tmp_path / "toy.gif").write_bytes(b"GIF89a")
    assert report._sheets(str(tmp_path)) == {
        "final": b"\x89PNG",
        "toy_epoch_001": "ünder way\n",
    }
    assert report._sheets(str(tmp_path / "gone")) == {}
