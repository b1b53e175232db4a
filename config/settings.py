"""Settings: every environment variable is read here and nowhere else."""

import os
import secrets
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env, EnvError

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()


def read(reader, name: str, hint: str, **options):
    """The value of one environment variable; a wrong or missing one stops the start with a hint."""
    try:
        return reader(name, **options)
    except (EnvError, ValueError) as error:
        raise ImproperlyConfigured(f"{name}: {error} Hint: {hint}") from error


def never_guessed(headers, path: str, url: str) -> None:
    """A file is what it says it is, whatever a browser would make of it."""
    headers["X-Content-Type-Options"] = "nosniff"


def data_dir() -> Path:
    """The folder to write to, made if it is not there."""
    folder = read(env.path, "DATA_DIR", "a folder to write to", default=BASE_DIR / "var")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"DATA_DIR: {error} Hint: a folder to write to.") from error
    return folder


def secret_key() -> str:
    """The signing key from SECRET_KEY, or from the file that `manage.py quickstart` makes."""
    kept = DATA_DIR / "secret-key"
    given = read(env.str, "SECRET_KEY", "a long random string", default="")
    if QUICKSTART and not given and not kept.exists():
        with open(kept, "x", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    key = given or (kept.read_text().strip() if kept.exists() else "")
    if len(key) < 32 or len(set(key)) < 10 or key.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            "SECRET_KEY is missing or too weak. Hint: set it to 50 random characters, "
            "or run `manage.py quickstart` once, which makes and keeps one."
        )
    return key


def mail_server(name: str) -> SplitResult:
    """The address of the server that takes mail; empty if none is to be sent. Raises ValueError.

    `submission` encrypts after the greeting, `smtps` from the start, `smtp` not at all.
    """
    server = urlsplit(env.str(name, default=""))
    fit = server.scheme in MAIL_PORTS and server.hostname and server.port != 0
    if server.geturl() and not fit:
        raise ValueError("this is no address of a mail server.")
    return server


def site_url() -> str:
    """Where people find the desk, without a slash at its end; mail links there."""
    given = read(env.str, "SITE_URL", "https://desk.example.org", default="").rstrip("/")
    if given and not (given.startswith(("https://", "http://")) and urlsplit(given).hostname):
        raise ImproperlyConfigured("SITE_URL is no address. Hint: https://desk.example.org")
    return given


DATA_DIR = data_dir()
DEBUG = read(env.bool, "DEBUG", "true or false", default=False)
QUICKSTART = read(env.bool, "QUICKSTART", "set by `manage.py quickstart` itself", default=False)
HTTPS = read(env.bool, "HTTPS", "false only on a machine of your own", default=not QUICKSTART)
BEHIND_PROXY = read(env.bool, "BEHIND_PROXY", "true if a proxy sets X-Forwarded-*", default=False)
SECRET_KEY = secret_key()
ALLOWED_HOSTS = read(
    env.list,
    "ALLOWED_HOSTS",
    "names this desk answers to, parted by commas",
    default=["localhost", "127.0.0.1", "[::1]"],
)
CSRF_TRUSTED_ORIGINS = read(
    env.list, "CSRF_TRUSTED_ORIGINS", "https://desk.example.org,…", default=[]
)

INSTALLED_APPS = [
    "config.site.DeskConfig",
    "corpus_app",
    "annotations",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "config.storage.OwnStaticFilesConfig",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "axes",
]

MIDDLEWARE = [
    "config.storage.HashedStaticFiles",  # files with no more headers than they need
    "csp.middleware.CSPMiddleware",  # so early: whatever refuses a request answers under the policy
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.readable",
    "config.middleware.bounded",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "config.context.bar",
            ],
        },
    }
]

# Database. Doors are atomic themselves, so ATOMIC_REQUESTS stays off.
SQLITE = {
    "transaction_mode": "IMMEDIATE",  # a writer waits its turn instead of failing half-way
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
        "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-8000"
    ),
}
DATABASES = {
    "default": read(
        env.dj_db_url,
        "DATABASE_URL",
        "postgres://user:password@host:5432/name",
        default=f"sqlite:///{DATA_DIR / 'crossread.sqlite3'}",
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = SQLITE
    DATABASES["default"]["CONN_MAX_AGE"] = None
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {
        "min_size": 1,
        "max_size": read(env.int, "DATABASE_POOL_SIZE", "a whole number", default=8),
        "timeout": 10,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People
AUTH_USER_MODEL = "corpus_app.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",  # first: a locked-out attempt costs no password hash
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False

# API
API_BODY_LIMIT = 1024 * 1024
KNOX_TOKEN_MODEL = "corpus_app.Token"  # noqa: S105 (a name, not a password)
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.authentication.ByToken",
        "config.authentication.BySession",
    ],
    # A view that declares nothing answers 403.
    "DEFAULT_PERMISSION_CLASSES": ["config.permissions.Nobody"],
    "DEFAULT_RENDERER_CLASSES": ["config.renderers.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.parsers.StrictJSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.pagination.KeysetPagination",
    "DEFAULT_METADATA_CLASS": None,
    "EXCEPTION_HANDLER": "config.errors.answer",
    "URL_FORMAT_OVERRIDE": None,
    "DEFAULT_SCHEMA_CLASS": "config.schema.Described",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Crossread",
    "DESCRIPTION": "Who claims what about whom, across outlets.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "AnnotationKind": "annotations.models.Annotation.Kind",
        "AnnotationState": "annotations.models.Annotation.State",
        "PassageKind": "corpus_app.models.Passage.Kind",
        "ActorKind": "corpus_app.models.Actor.Kind",
        "ReuseKind": "corpus_app.models.Reuse.Kind",
        "MemberRole": "corpus_app.models.Role",
        "ParticipantRole": "annotations.models.Participant.Role",
        "AssignmentState": "annotations.models.Assignment.State",
        "CaseState": "annotations.models.Case.State",
        "DeliveryState": "annotations.models.Delivery.State",
        "ImportState": "annotations.models.Import.State",
    },
}

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 6000  # the review of a long article has one for each line
DATA_UPLOAD_MAX_NUMBER_FILES = 1000
UPLOAD_LIMIT = 33 * 1024 * 1024  # of what is sent at once; above it the answer is 413
FILE_UPLOAD_HANDLERS = [
    "config.uploads.Limited",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

# Mail: none is sent unless a server is named
MAIL_PORTS = {"smtp": 25, "submission": 587, "smtps": 465}
server = read(mail_server, "EMAIL_URL", "submission://user:password@mail.example.org")
SENDS_MAIL = bool(server.hostname)
SITE_URL = site_url()
if SENDS_MAIL and not SITE_URL:
    raise ImproperlyConfigured("SITE_URL is missing. Hint: mail links to https://desk.example.org")
EMAIL_HOST = server.hostname or ""
EMAIL_PORT = server.port or MAIL_PORTS.get(server.scheme, 25)
EMAIL_HOST_USER = unquote(server.username or "")
EMAIL_HOST_PASSWORD = unquote(server.password or "")
EMAIL_USE_TLS = server.scheme == "submission"
EMAIL_USE_SSL = server.scheme == "smtps"
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = read(
    env.str, "EMAIL_FROM", "Crossread <desk@example.org>", default="Crossread <crossread@localhost>"
)

# Webhooks: only to addresses of the internet, unless this desk's own network is meant
WEBHOOKS_MAY_REACH_PRIVATE = read(
    env.bool, "WEBHOOKS_MAY_REACH_PRIVATE", "true lets webhooks reach your network", default=False
)

# Language, time, files
LANGUAGE_CODE = "en-gb"
TIME_ZONE = read(env.str, "TIME_ZONE", "a name such as Europe/Berlin", default="UTC")
USE_TZ = True
USE_I18N = True
STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.storage.HashedStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_ADD_HEADERS_FUNCTION = never_guessed
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["map", "png", "gif", "jpg", "woff", "woff2"]
MEDIA_ROOT = DATA_DIR / "media"
LOG_LEVEL = read(env.str, "LOG_LEVEL", "INFO, WARNING …", default="WARNING")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    # Of the handler, too: Django's own loggers have a level that passes by the root's.
    "handlers": {
        "console": {"class": "logging.StreamHandler", "formatter": "plain", "level": LOG_LEVEL}
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
}
