"""Makes stories, pictures, text, melodies or numbers with a trained model.

The arguments after --workdir are those of the system that was trained there;
`tfstory generate --workdir=DIR --help` shows them.
"""

from tfstory.commands.of_system import OfSystem

_command = OfSystem(
    "generate",
    "generates nothing; it judges what others have generated: export it, and "
    "name it to tfstory evaluate",
)
add_arguments = _command.add_arguments
add_system_arguments = _command.add_system_arguments
run = _command.run
