"""SeqGAN as published: 5,000 tokens, sequences of 20, the published oracle.

  tfstory prepare --dataset=oracle_sequences --manual_dir=DIR \\
      --data_dir=data --builder.oracle=file
  tfstory train --config=configs/seq_gan/oracle.py --workdir=runs/seq_gan \\
      --data_dir=data --config.evaluation.oracle=DIR/target_params.npz
"""

import ml_collections

from tfstory.systems.seq_gan import defaults


def get_config() -> ml_collections.ConfigDict:
    """Returns the config."""
    config = defaults.get_config()
    config.data.builder.oracle = "file"
    return config
