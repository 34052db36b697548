"""The way through with the command: train, go on, evaluate, export."""

import json

from tests.commands.small import ROOT
from tfstory.commands import main

CONFIG = [
    f"--config={ROOT}/configs/attribute_classifier/shapes.py",
    *(
        f"--config.{key}={value}"
        for key, value in {
            "data.builder.train_stories": 3,
            "data.builder.validation_stories": 1,
            "data.builder.test_stories": 1,
            "model.widths": "(2,3,4)",
            "stages.classification.batch_size": 4,
            "training.checkpoint_every_steps": 2,
            "training.strategy": "one_device",
        }.items()
    ),
]


def test_train_go_on_evaluate_and_export(tmp_path, capsys):
    options = [f"--workdir={tmp_path}/run", f"--data_dir={tmp_path}/data"]
    for epochs in (1, 2):
        key = f"--config.stages.classification.epochs={epochs}"
        assert main.main(["train", *CONFIG, key, *options]) == 0
    assert "epoch 2/2" in capsys.readouterr().out
    assert main.main(["evaluate", *options]) == 0
    out = capsys.readouterr().out
    (line,) = [x for x in out.splitlines() if x.split()[0] == "shape_accuracy"]
    assert "most_frequent" in line
    written = json.loads((tmp_path / "run" / "metrics.json").read_text())
    assert written["examples"] == 5
    assert main.main(["export", *options, f"--output={tmp_path}/m"]) == 0
    assert (tmp_path / "m" / "1" / "saved_model.pb").is_file()
