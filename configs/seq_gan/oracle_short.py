"""SeqGAN on the published oracle in a few minutes on two cores.

Fifteen epochs of likelihood, after which the policy only learns its data by
heart; then thirty steps of the policy at twice the published rate, without a
baseline, and one step of the discriminator after each. More of those let the
discriminator find the policy's repeats and lead it back (see RESULTS.md).

  tfstory prepare --dataset=oracle_sequences --manual_dir=DIR \
      --data_dir=data --builder.oracle=file
  tfstory train --config=configs/seq_gan/oracle_short.py --workdir=runs/short \
      --data_dir=data --config.evaluation.oracle=DIR/FILE

DIR has the published parameters alone, as the pickle or as `.npz`, in FILE. The
main job needs the oracle too, for its gates: make pipeline with DATA_DIR=DIR
ARGS=--config.evaluation.oracle=DIR/FILE.
"""

import ml_collections

from tfstory.systems.seq_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_published_oracle_config()
    stages = config.stages
    stages.likelihood.epochs = 15
    stages.discriminator.epochs = 1
    stages.discriminator.epoch_steps = 64
    # Ten rounds an epoch, each a step of both.
    stages.adversarial.epochs = 3
    stages.adversarial.epoch_steps = 20
    stages.adversarial.policy_learning_rate = 2e-2
    for stage in (stages.discriminator, stages.adversarial):
        stage.set_size = 64
        stage.passes = 1
    return config
