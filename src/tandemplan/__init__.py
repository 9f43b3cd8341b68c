"""Tandemplan: plan joint production programmes, and any factory that grows under uncertainty."""

__version__ = "0.1.0"
