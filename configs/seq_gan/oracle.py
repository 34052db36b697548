"""SeqGAN's published setting: 5,000 tokens, 20 a sequence, their oracle.

120 epochs of likelihood; the discriminator against 50 sets of 10,000 generated
sequences, three passes over each; then 200 rounds of a step of the policy and
five sets for the discriminator. On two cores a step of the policy takes about
2.3 s and one of the discriminator 0.13: 18 hours, nearly all of them the
discriminator's.

  tfstory prepare --dataset=oracle_sequences --manual_dir=DIR \
      --data_dir=data --builder.oracle=file
  tfstory train --config=configs/seq_gan/oracle.py --workdir=runs/seq_gan \
      --data_dir=data --config.evaluation.oracle=DIR/FILE

DIR has the published parameters alone, as the pickle or as `.npz`, in FILE. The
main job needs the oracle too, for its gates: make pipeline with DATA_DIR=DIR
ARGS=--config.evaluation.oracle=DIR/FILE.
"""

import ml_collections

from tfstory.systems.seq_gan import defaults

# Batches of 64 in 10,000 sequences, three times.
_STEPS_A_SET = 3 * 156


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_published_oracle_config()
    stages = config.stages
    stages.discriminator.epochs = 50
    stages.discriminator.epoch_steps = _STEPS_A_SET
    stages.adversarial.discriminator_sets = 5
    # An epoch is a round.
    stages.adversarial.epochs = 200
    stages.adversarial.epoch_steps = 1 + 5 * _STEPS_A_SET
    return config
