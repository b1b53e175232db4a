"""The API of what is marked: a module for each kind of thing."""
