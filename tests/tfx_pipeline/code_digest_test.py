"""The digest of a component's code."""

import pytest

from tfx_pipeline import code_digest


@pytest.fixture
def root(tmp_path):
    (tmp_path / "package" / "inner").mkdir(parents=True)
    (tmp_path / "package" / "a.py").write_text("a = 1")
    (tmp_path / "package" / "inner" / "b.py").write_text("b = 1")
    (tmp_path / "other.py").write_text("c = 1")
    return tmp_path


def test_changed_code_changes_it(root):
    before = code_digest.digest(["package", "other.py"], root)
    assert code_digest.digest(["package", "other.py"], root) == before
    for name in ("package/inner/b.py", "other.py"):
        file = root / name
        content = file.read_text()
        file.write_text(content + " ")
        assert code_digest.digest(["package", "other.py"], root) != before
        file.write_text(content)
    (root / "package" / "inner" / "b.py").rename(root / "package" / "b.py")
    assert code_digest.digest(["package", "other.py"], root) != before


def test_what_is_no_code_or_elsewhere_does_not_count(root):
    before = code_digest.digest(["package"], root)
    (root / "package" / "notes.txt").write_text("x")
    (root / "other.py").write_text("c = 2")
    assert code_digest.digest(["package"], root) == before


def test_the_components_code_is_there():
    for paths in (code_digest.TRANSFORM, code_digest.TRAINER):
        assert all((code_digest.ROOT / path).exists() for path in paths)
