"""What the host's `manage.py` gains."""
