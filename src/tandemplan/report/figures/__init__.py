"""One file a figure: from a run and its programme to a drawing."""
