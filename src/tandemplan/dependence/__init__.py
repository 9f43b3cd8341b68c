"""Whom a plan depends on: what stops, and after how long, if a supplier, country, part, site, crossing or lane is lost."""
