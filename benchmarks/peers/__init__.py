"""The other engines, each a small script of its own, run in the environment of requirements.txt."""
