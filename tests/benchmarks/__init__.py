"""How fast the desk is: `python -m tests.benchmarks [--postgres]`. Not part of the tests."""
