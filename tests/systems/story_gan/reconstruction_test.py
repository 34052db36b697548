"""StoryGAN's generator may learn by itself, first or for good."""

import numpy as np

from tests.systems.story_gan import tiny
from tfstory.systems.story_gan.reconstruction import Reconstruction


def test_the_generator_may_learn_by_itself_first(tmp_path):
    system = tiny.system(tmp_path)
    system.config.stages.reconstruction.epochs = 2
    first, second = system.stages()
    assert (first.name, first.epochs) == ("reconstruction", 2)
    assert second.name == "adversarial"
    stage = first.build(20)
    assert isinstance(stage, Reconstruction)
    assert stage.optimizer.beta_1 == 0.9
    before = tiny.weights(system)
    stage.train_step(system.prepare(tiny.raw_batch()))
    changed = {
        name.split("/")[0]
        for name, weight in tiny.weights(system).items()
        if not np.array_equal(weight, before[name])
    }
    names = set(system.generator.networks)
    assert changed == names | {f"averaged_{name}" for name in names}


def test_a_second_stage_keeps_the_average_of_the_first(tmp_path):
    system = tiny.system(tmp_path, ema_decay=0.75)
    system.config.stages.reconstruction.epochs = 1
    batch = system.prepare(tiny.raw_batch())
    first, second = (plan.build(10) for plan in system.stages())
    first.train_step(batch)
    before = tiny.weights(system)
    second.train_step(batch)
    after = tiny.weights(system)
    for name in system.generator.networks:
        for index in range(len(system.networks[name].weights)):
            key = f"averaged_{name}/{index}"
            np.testing.assert_allclose(
                after[key],
                0.75 * before[key] + 0.25 * after[f"{name}/{index}"],
                atol=1e-6,
            )


def test_without_discriminators_there_are_none(tmp_path):
    system = tiny.system(tmp_path, discriminators=False)
    assert "image_discriminator" not in system.networks
    assert [plan.name for plan in system.stages()] == ["reconstruction"]
    parts = tiny.stage(system).generator_losses(
        tiny.pictured(system), training=False
    )
    assert set(parts) == {"kl_loss", "l1_loss", "l2_loss"}
