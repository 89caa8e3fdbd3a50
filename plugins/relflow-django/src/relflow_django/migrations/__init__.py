"""Migrations that ask relflow for its tables."""
