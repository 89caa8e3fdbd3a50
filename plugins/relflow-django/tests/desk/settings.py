"""A Django project with django-helpdesk, as its own documentation sets it up, and relflow."""

from __future__ import annotations

import os

SECRET_KEY = "for tests"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
ROOT_URLCONF = "desk.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ALLOWED_HOSTS = ["*"]
DEBUG = False
STATIC_URL = "/static/"
SITE_ID = 1
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
DEFAULT_FROM_EMAIL = "service@example.com"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("TRIAL_DATABASE", ":memory:")}}
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.sites",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.admin",
    "rest_framework",
    "helpdesk",
    "relflow_django",
    "relflow_django.helpdesk",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
LOGIN_REDIRECT_URL = "/helpdesk/"
HELPDESK_TEAMS_MODE_ENABLED = False
HELPDESK_TEAMS_MODEL = "auth.User"
HELPDESK_TEAMS_MIGRATION_DEPENDENCIES: list[tuple[str, str]] = []
HELPDESK_KBITEM_TEAM_GETTER = lambda _: None  # noqa: E731 - as helpdesk documents it
RELFLOW = {
    "POLICY": "shipped:petrochemical",
    "OVERLAY": "shipped:petrochemical/example.overlay.yaml",
    "CLOCK": "django.utils.timezone.now",  # the tests move it
    "PLUGINS": ["relflow_django.helpdesk.Helpdesk", "relflow_django.helpdesk.Accounts"],
}
RELFLOW_HELPDESK = {"FACTS": "desk.facts.facts"}
# the tables as the models are: running helpdesk's 43 migrations for each process would take longer than the tests
MIGRATION_MODULES = dict.fromkeys(("admin", "auth", "contenttypes", "helpdesk", "sessions", "sites"))
