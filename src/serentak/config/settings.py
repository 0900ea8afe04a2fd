"""Settings from the environment: importable without a server and without secrets."""

import os
import secrets
from pathlib import Path
from typing import Any

import dj_database_url

from serentak.config.house import slices
from serentak.platform.database import APPLICATION, OWNER, Cluster, home

HOME = home()
SERENTAK_DEMO = os.environ.get("SERENTAK_DEMO") == "1"
DEBUG = os.environ.get("SERENTAK_DEBUG") == "1"

# --- what the house is made of

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "django_htmx",
    "serentak.platform",  # above allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "procrastinate.contrib.django",
    *(f"serentak.{name}" for name in slices()),
]

MIDDLEWARE = [
    "serentak.platform.web.middleware.RequestLogMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "serentak.platform.web.middleware.SecurityHeadersMiddleware",
    "serentak.platform.web.middleware.MethodMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "serentak.platform.web.middleware.LanguageMiddleware",
    "serentak.platform.web.middleware.RefusalMiddleware",
    "serentak.platform.web.middleware.OutageMiddleware",
    "serentak.platform.web.middleware.TextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "serentak.platform.web.drafts.TakenMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "serentak.platform.access.ViewerMiddleware",
]

ROOT_URLCONF = "serentak.config.urls"
WSGI_APPLICATION = "serentak.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "serentak.platform.web.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "serentak.platform.templatetags.serentak",
            ],
        },
    },
]
FORM_RENDERER = "serentak.platform.web.forms.FormRenderer"

# --- database: embedded by default, any PostgreSQL by DATABASE_URL
# Processes work as the application's role, which owns nothing; `platform.owner` becomes the owner.

# More connections than threads: who waits for one waits for a database that is away.
POOL = {"min_size": 1, "max_size": 8, "timeout": 1.5, "reconnect_timeout": 5}
if url := os.environ.get("DATABASE_URL"):
    database: dict[str, Any] = {**dj_database_url.parse(url, conn_health_checks=True)}
    _owner = dj_database_url.parse(os.environ.get("DATABASE_OWNER_URL") or url)
    SERENTAK_OWNER = {key: _owner[key] for key in ("USER", "PASSWORD", "HOST", "PORT")}
else:
    embedded = Cluster().connection_parameters(user=APPLICATION)
    database = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": embedded["dbname"],
        "USER": embedded["user"],
        "HOST": embedded["host"],
        "PORT": embedded["port"],
        "CONN_HEALTH_CHECKS": True,
    }
    SERENTAK_OWNER = {"USER": OWNER}
database.setdefault("OPTIONS", {})
# A machine or network that died answers nothing at all, not even a refusal: what was sent is given
# up after 5 s without a sign, and who only waits asks for one from the third second on.
database["OPTIONS"] = {
    "connect_timeout": 2,
    "tcp_user_timeout": 5_000,
    "keepalives_idle": 3,
    "keepalives_interval": 1,
    **database["OPTIONS"],
}
if os.environ.get("SERENTAK_POOL", "1") == "1":
    database["OPTIONS"]["pool"] = POOL
DATABASES = {"default": database}

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "platform_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

# --- secrets and transport


def _secret_key() -> str:
    """Return the key from the environment or the installation's file; a passing one without."""
    if key := os.environ.get("SERENTAK_SECRET_KEY"):
        return key
    file = HOME / "secret-key"
    return file.read_text("utf-8").strip() if file.exists() else secrets.token_urlsafe(50)


SECRET_KEY = _secret_key()
SERENTAK_SEALING_KEYS = os.environ.get("SERENTAK_SEALING_KEYS", "").replace(",", " ").split()
ALLOWED_HOSTS = os.environ.get("SERENTAK_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = os.environ.get("SERENTAK_HTTPS", "0" if SERENTAK_DEMO or DEBUG else "1") == "1"
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REDIRECT_EXEMPT = [r"^health$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
if os.environ.get("SERENTAK_PROXY") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    ALLAUTH_TRUSTED_PROXY_COUNT = 1
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

# --- people

AUTH_USER_MODEL = "platform.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "serentak.platform.accounts.PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",  # of earlier versions; renewed at sign-in
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_ADAPTER = "serentak.platform.web.signin.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "serentak.platform.web.signin.SignInForm",
    "change_password": "serentak.platform.web.signin.PasswordForm",
}
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": None}
"""Failures are counted by `platform.web.attempts`."""
CSRF_FAILURE_VIEW = "serentak.platform.web.errors.csrf_failed"
SERENTAK_VIEWER = "serentak.institutions.public.viewer_for"
SERENTAK_DEMO_ACCOUNTS = "serentak.institutions.public.demo_accounts"

# --- mail: none without a server

EMAIL_HOST = os.environ.get("SERENTAK_MAIL_HOST", "")
EMAIL_PORT = int(os.environ.get("SERENTAK_MAIL_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("SERENTAK_MAIL_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("SERENTAK_MAIL_PASSWORD", "")
EMAIL_USE_TLS = os.environ.get("SERENTAK_MAIL_TLS", "1") == "1"
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("SERENTAK_MAIL_FROM", "serentak@localhost")
SERENTAK_URL = os.environ.get("SERENTAK_URL", "http://localhost:8000").rstrip("/")

# --- language and time

LANGUAGE_CODE = "id"
LANGUAGES = [("id", "Bahasa Indonesia"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "serentak_language"
SERENTAK_THEME_COOKIE = "serentak_theme"
SERENTAK_NEEDS_WORDS = False
USE_I18N = True
LOCALE_PATHS = [Path(__file__).parent / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

# --- files

STATIC_URL = "/static/"
STATIC_ROOT: Path | None = None
WHITENOISE_USE_FINDERS = os.environ.get("SERENTAK_COLLECTED") != "1"
_STORAGE = "django.contrib.staticfiles.storage.StaticFilesStorage"
if not WHITENOISE_USE_FINDERS:  # in the web process: named by content, so kept for ever
    STATIC_ROOT = HOME / "static"
    _STORAGE = "whitenoise.storage.CompressedManifestStaticFilesStorage"


def _evidence_storage() -> dict[str, Any]:
    """Return where evidence lies: a folder, or where it is named a store that speaks S3."""
    if not (bucket := os.environ.get("SERENTAK_S3_BUCKET")):
        return {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    from botocore.config import Config  # takes a third of a second to load

    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": os.environ.get("SERENTAK_S3_URL") or None,
            "region_name": os.environ.get("SERENTAK_S3_REGION", "us-east-1"),
            "access_key": os.environ.get("SERENTAK_S3_KEY") or None,
            "secret_key": os.environ.get("SERENTAK_S3_SECRET") or None,
            "file_overwrite": False,
            "client_config": Config(
                connect_timeout=2,
                read_timeout=10,
                retries={"mode": "standard", "total_max_attempts": 2},
                s3={"addressing_style": "path"},
                # Newer checksums are Amazon's own; other stores refuse what they do not know.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        },
    }


STORAGES = {
    "default": _evidence_storage(),
    "staticfiles": {"BACKEND": _STORAGE},
}
MEDIA_ROOT = HOME / "evidence"
SERENTAK_PUBLIC = os.environ.get("SERENTAK_PUBLIC") or HOME / "public" / str(database["NAME"])
SERENTAK_EVIDENCE_MB = 10
SERENTAK_SHEET_MB = 10
SERENTAK_REQUEST_MB = 40
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000
SERENTAK_CATALOGUE = os.environ.get("SERENTAK_CATALOGUE", "")

# --- logs: one JSON object a line, no personal data

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_paths": {"()": "serentak.platform.web.logs.WithoutRequestPaths"}},
    "formatters": {"json": {"()": "serentak.platform.web.logs.JsonFormatter"}},
    "handlers": {
        "out": {
            "class": "logging.StreamHandler",
            "formatter": "json",
            "filters": ["without_paths"],
        }
    },
    "root": {"handlers": ["out"], "level": os.environ.get("SERENTAK_LOG", "INFO")},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "procrastinate": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
    },
}
