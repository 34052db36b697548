"""The `tfstory` command, one module a subcommand."""
