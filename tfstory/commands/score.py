"""Tells how likely your own text is to a trained model, line by line.

The arguments after --workdir are those of the system that was trained there;
`tfstory score --workdir=DIR --help` shows them.
"""

from tfstory.commands.of_system import OfSystem

_command = OfSystem(
    "score",
    "gives no probabilities of text; `tfstory evaluate` measures it on its "
    "data",
)
add_arguments = _command.add_arguments
add_system_arguments = _command.add_system_arguments
run = _command.run
