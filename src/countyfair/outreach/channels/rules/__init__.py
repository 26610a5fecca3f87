"""Pure decisions of the channels: reading files, telling what they are."""
