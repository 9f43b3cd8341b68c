"""Schedules to the minute: activities on resources, from a fast dispatch to an improved schedule with a bound."""
