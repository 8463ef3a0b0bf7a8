"""Django's settings. What differs between installations comes from the environment:

YINGJIN_STORE          the data folder (default: under the owner's data home)
YINGJIN_DATABASE_URL   postgresql://user:password@host:port/name (default: SQLite in the data folder)
YINGJIN_SEES           everything, set by commands and the worker: what PostgreSQL shows before a reader is known
YINGJIN_SECOND_FACTOR  roles that must sign in with a code too, and four_eyes, by comma (default: administrator)
YINGJIN_HOSTS          host names served, by comma (default: this machine only)
YINGJIN_BEHIND_PROXY   yes where a web server on the same machine speaks HTTPS for us (docs/使用手册: 上线前检查)
YINGJIN_CIPHER         sm4 (default) or aes: what hidden fields and files are sealed with from now on
YINGJIN_API_PER_MINUTE  calls of the API a client may make in a minute (default: 600)
YINGJIN_API_DELIVERS    private, where events may be delivered inside the office's network (docs/接口)
YINGJIN_KEY_FILE       the file of the keys (default: keys.json in the data folder)
"""

import os
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yingjin.basics.scope_settings import EVERYTHING, forget
from yingjin.jobs.store import secret, store

SECRET_KEY = secret("session")
STORE = store()
KEY_FILE = Path(os.environ.get("YINGJIN_KEY_FILE") or STORE / "keys.json")
CIPHER = os.environ.get("YINGJIN_CIPHER") or "sm4"
DEBUG = False
BEHIND_PROXY = os.environ.get("YINGJIN_BEHIND_PROXY", "").lower() in {"1", "yes", "true"}
ALLOWED_HOSTS = [
    *filter(None, os.environ.get("YINGJIN_HOSTS", "").split(",")),
    "127.0.0.1",
    "localhost",
    "[::1]",
]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "yingjin.basics",
    "yingjin.registry",
    "yingjin.fusion",
    "yingjin.settlement",
    "yingjin.care",
    "yingjin.gaps",
    "yingjin.insight",
    "yingjin.api",
    "yingjin.console",
    "yingjin.jobs",
]

MIDDLEWARE = [
    "yingjin.console.middleware.CloseDevices",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "yingjin.console.middleware.SpeakLanguage",
    "yingjin.api.middleware.SpeakApi",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "yingjin.console.middleware.KeepPrivate",
    "yingjin.console.middleware.KeepToScope",
    "yingjin.console.middleware.RenewSession",
    "yingjin.console.signing.AskOwnPassword",
    "yingjin.console.signing.AskSecondFactor",
    "yingjin.console.closed_links.OfferNothingClosed",
    "yingjin.console.middleware.ShowRefusals",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "yingjin.urls"
WSGI_APPLICATION = "yingjin.wsgi.application"
DEFAULT_AUTO_FIELD = "yingjin.basics.fields.NumberedField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yingjin.console.frame.frame",
            ],
        },
    },
]


def database(url: str) -> dict[str, object]:
    """Return Django's settings of the database at a URL; SQLite in the data folder when it is empty (D8)."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": STORE / "yingjin.sqlite3",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 16, "reset": forget},
            "server_side_binding": True,  # so that the web server can have plans kept (`wsgi`)
            "options": EVERYTHING if os.environ.get("YINGJIN_SEES") == "everything" else "",
        },
    }


DATABASES = {"default": database(os.environ.get("YINGJIN_DATABASE_URL", ""))}

AUTH_USER_MODEL = "registry.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

# Five failed logins lock a login for 15 minutes, from whatever machine they came.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = ["username"]
SILENCED_SYSTEM_CHECKS = ["axes.W006"]  # it wants the address counted too; by staff number alone is stricter
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False
AXES_DISABLE_ACCESS_LOG = True  # the audit table says who signed in
AXES_SENSITIVE_PARAMETERS = [
    "username",
    "ip_address",
    "password",
    "code",
    "next",
]  # kept of no failed attempt
AXES_VERBOSE = False
AXES_LOCKOUT_CALLABLE = "yingjin.console.pages.login.locked"

# Who must sign in with a code of the phone too: roles, and "four_eyes" for what two people decide.
SECOND_FACTOR = frozenset(os.environ.get("YINGJIN_SECOND_FACTOR", "administrator").replace(",", " ").split())

SESSION_ENGINE = "yingjin.console.sessions"  # a table that continues no session of whoever stole it
# Thirty idle minutes end a session; RenewSession writes it at most once a minute, not at each request.
SESSION_COOKIE_AGE = 30 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = BEHIND_PROXY
CSRF_FAILURE_VIEW = "yingjin.console.pages.refusals.stale_form"

# Behind a web server that speaks HTTPS nothing goes over plain HTTP, and browsers keep to that for a year. The header
# is believed only there: elsewhere anybody could send it.
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"  # addresses hold keys of people: no other site learns them
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Everything a page needs comes from this server, and no page may stand inside another.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}

# A mistake of ours is told where the server runs, with the address it happened at and never what was on the page.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"django.request": {"handlers": ["stderr"], "level": "ERROR", "propagate": False}},
}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "yingjin_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [Path(__file__).parent / "locale"]
PAPERS = Path(__file__).parent / "insight" / "papers"  # the templates of papers (basics.papers)
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

# What is being uploaded waits in the data folder, not where the whole machine keeps its passing files.
FILE_UPLOAD_TEMP_DIR = store() / "incoming"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o700, exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FILES = 400
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024  # a paper of evidence comes through the API as text

# Background work: rows of the same database, a queue for what changes the county and one for the rest (D12).
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["county", "desk"]}}
WORK = "yingjin.jobs.work.do"  # what does a job, called by name: `basics` knows no part

# The API: how often it may be called, and whether its events may go to addresses of a private network.
API_PER_MINUTE = int(os.environ.get("YINGJIN_API_PER_MINUTE") or 600)
API_DELIVERS_PRIVATELY = os.environ.get("YINGJIN_API_DELIVERS", "") == "private"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True  # CSS and modules come straight from the package: nothing to collect
WHITENOISE_MAX_AGE = 600
