"""EDGE: Tandemplan for Python and notebooks: programmes in, runs with pandas frames out. `import tandemplan as tp`."""
