"""What feeds what: every delivered unit back to its sources, every purchase, lot and move on to the demands that it serves."""
