"""A project of django-helpdesk, as a company would have it."""
