"""What tests of this package and of others may use: docstring models and random programmes."""
