"""Conversion of the examples' raw tables to the model language."""
