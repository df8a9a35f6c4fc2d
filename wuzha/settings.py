"""Every setting of the program in one file; the environment carries what differs between machines.

DATABASE_URL       any PostgreSQL 15 to 18 (`wuzha run` sets it to the embedded one)
WUZHA_DATA         folder of this centre's data: database, keys, logs (default: data/ beside the code)
WUZHA_PORT         port of pages and API (default 8000)
WUZHA_HOSTS        host names that the centre answers to, comma-separated (default: loopback only)
WUZHA_DEMO         "1": sample accounts and the simulated country are allowed; loopback only
WUZHA_TRACING_RULE which cents leave an account first: fifo (default), lifo, tainted-first, clean-first, pro-rata
WUZHA_ASKED_FROM_MINOR stolen money (fen, cents) from which on an account's bank is asked for a statement; 1000
WUZHA_HTTPS        "1": served behind TLS; cookies are then sent over TLS only
"""

import json
import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent
DATA_DIR = Path(os.environ.get("WUZHA_DATA", BASE_DIR.parent / "data"))
PORT = int(os.environ.get("WUZHA_PORT", "8000"))
DEMO = os.environ.get("WUZHA_DEMO") == "1"
HTTPS = os.environ.get("WUZHA_HTTPS") == "1"
TRACING_RULE = os.environ.get("WUZHA_TRACING_RULE", "fifo")
ASKED_FROM_MINOR = int(os.environ.get("WUZHA_ASKED_FROM_MINOR", "1000"))
CENTRE_KEYS = DATA_DIR / "keys" / "centre.json"


def centre_keys() -> dict[str, str]:
    """Secrets of this centre (secret_key, key_id, private_key, public_key, code); {} before they are made."""
    try:
        return dict(json.loads(CENTRE_KEYS.read_text()))
    except FileNotFoundError:
        return {}


# Without keys the program can still migrate and be tested, but `wuzha web` and `wuzha worker` refuse to serve.
SECRET_KEY = centre_keys().get("secret_key") or "not-for-serving-" + "0" * 40
DEBUG = False
ALLOWED_HOSTS = [host for host in os.environ.get("WUZHA_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if host]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "csp",
    "ninja",
    "wuzha.journal",
    "wuzha.clocks",
    "wuzha.people",
    "wuzha.partners",
    "wuzha.intake",
    "wuzha.control",
    "wuzha.tracing",
    "wuzha.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "wuzha.web.urls"
WSGI_APPLICATION = "wuzha.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wuzha.web.shell.shell",
            ],
            "libraries": {"wuzha": "wuzha.web.templatetags"},
        },
    }
]


def database(url: str) -> dict[str, object]:
    """Django's database settings of a postgresql:// address (a socket folder may stand in ?host=)."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise ImproperlyConfigured(
            "DATABASE_URL must be a postgresql:// address; Wuzha keeps everything in PostgreSQL."
        )
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.pop("host", parts.hostname or "")),
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": query,
        "TEST": {"TEMPLATE": "template0"},
    }


DATABASE_URL = os.environ.get("DATABASE_URL", "postgresql:///wuzha")
DATABASES = {"default": database(DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Officer"
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 0 if DEMO else 3600

# Two centres can run side by side on one host: cookies know no port, so each carries it in its name.
SESSION_COOKIE_NAME = f"wuzha{PORT}"
SESSION_COOKIE_AGE = 12 * 3600  # one shift
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

PROCRASTINATE_ON_APP_READY = "wuzha.tasks.on_app_ready"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("WUZHA_LOG", "WARNING")},
}
