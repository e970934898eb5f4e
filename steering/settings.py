"""Every setting, read once and strictly from the environment.

With no variable set the project runs embedded: SQLite and all files under ``var/``.

    DATABASE_URL   postgres://user:password@host:5432/name, or sqlite:///path
    SECRET_KEY     required with PostgreSQL; embedded, one is made at first start
    ALLOWED_HOSTS  names the site answers to, separated by commas
    HTTPS_ONLY     true behind a proxy that ends TLS and sets X-Forwarded-Proto itself
    DEBUG          true on a developer's machine only
    VAR_DIR        where files are kept instead of var/
    REDIS_URL      redis://host:6379/0, the broker of background work and of pages that are kept;
                   without it, files
    EMAIL_URL      smtp+tls://user:password@host:587; without it, mails are files in var/mail
    DEFAULT_FROM_EMAIL  whom mails come from
    SIGNING_KEY_FILE  the private key of the chain of promises; embedded, one is made at first need
    ALLOCATION_SPREAD  points of coverage a part may differ from the whole before it is told
    TRUSTED_CERTIFICATES  folder of certificates whose issue is trusted in signed PDFs
    PAGES_AT_ONCE  pages that a process of the web server makes at a time, 1; 2 where the database
                   is another machine. Saving never waits for them
    SITE_URL       how people reach the site, https://name; it stands in mails
"""

import os
import re
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from tempfile import NamedTemporaryFile

import environ
from celery.schedules import crontab
from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.translation import gettext_lazy as _

# openpyxl asks this once, when it is first imported: with lxml, which python-docx brings along, it
# would expand the entities of a workbook (docs/adr/0009).
os.environ["OPENPYXL_LXML"] = "False"

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()


def _flag(name: str) -> bool:
    """A variable that is true or false; anything else is refused, not taken for false."""
    read = env.str(name, default="false").strip().lower()
    if read in ("true", "1", "yes", "on"):
        return True
    if read in ("false", "0", "no", "off", ""):
        return False
    raise ImproperlyConfigured(f"{name} is {read!r}; write true or false.")


VAR_DIR = BASE_DIR / env.str("VAR_DIR", default="var")
VAR_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = _flag("DEBUG")
HTTPS_ONLY = _flag("HTTPS_ONLY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])


def _database() -> dict:
    """SQLite with a write-ahead log and immediate transactions, or PostgreSQL with a pool."""
    url = env.str("DATABASE_URL", default="")
    if not url:
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": VAR_DIR / "db.sqlite3"}
    elif re.match(r"(sqlite|postgres|postgresql)://", url):
        database = env.db_url_config(url)
    else:
        scheme = url.partition("://")[0] if "://" in url else "no address"
        raise ImproperlyConfigured(
            f"DATABASE_URL must begin with postgres:// or sqlite://; it is {scheme}."
        )
    if not database["NAME"]:
        raise ImproperlyConfigured("DATABASE_URL names no database after the host.")
    if database["ENGINE"] == "django.db.backends.sqlite3":
        database["OPTIONS"] = {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            # Recursive triggers: REPLACE fires them too, so append-only tables refuse it.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; "
            "PRAGMA recursive_triggers=ON;",
        }
        # A file, not memory: tests with several writers need the locks of the real thing.
        database["TEST"] = {"NAME": VAR_DIR / "test.sqlite3"}
    else:
        database.setdefault("OPTIONS", {})["pool"] = True
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


def _secret_key() -> str:
    """The key from the environment; embedded, one made at first start and kept in ``var/``."""
    if key := env.str("SECRET_KEY", default=""):
        return key
    if DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":
        raise ImproperlyConfigured("SECRET_KEY must be set when DATABASE_URL names a server.")
    path = VAR_DIR / "secret-key"
    if not path.exists():
        # Linked when whole: of two processes that start at once, both read the same key.
        with NamedTemporaryFile("w", dir=VAR_DIR) as draft, suppress(FileExistsError):
            draft.write(get_random_secret_key())
            draft.flush()
            os.link(draft.name, path)
    return path.read_text()


SECRET_KEY = _secret_key()

# The key that signs the chain of promises. It must lie where the database's administrator cannot
# write; embedded it is made at first need.
SIGNING_KEY_FILE = BASE_DIR / env.str("SIGNING_KEY_FILE", default=str(VAR_DIR / "signing-key.pem"))

# By how many percentage points the coverage that a unit is asked for may differ from that of all
# the units a figure is divided over, before it is pointed out.
ALLOCATION_SPREAD = env.int("ALLOCATION_SPREAD", default=15)

# Certificates whose issue is trusted in signed PDFs, as PEM or DER files of a folder.
TRUSTED_CERTIFICATES = BASE_DIR / env.str(
    "TRUSTED_CERTIFICATES", default=str(VAR_DIR / "trusted-certificates")
)

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "axes",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "steering.accounts",
    "steering.jobs",
    "districts",
    "steering.committee",
    "commitments",
    "reports",
    "collection",
    "steering.promises",
    "steering.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "steering.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "steering.middleware.IdleTimeOut",
    "steering.middleware.ChosenLanguage",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "steering.middleware.PlainText",
    "steering.middleware.SignInAgain",
    "steering.middleware.RefusedRights",
    "axes.middleware.AxesMiddleware",
]

# See steering.serving.lanes.
PAGES_AT_ONCE = env.int("PAGES_AT_ONCE", default=1)

ROOT_URLCONF = "steering.urls"
WSGI_APPLICATION = "steering.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "steering" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "steering.frame.frame",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "landing"
# Five wrong passwords for one account from one address: that pair waits a quarter of an hour.
# Not the account alone, or anybody could lock the chair out on the morning of the conference.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "steering.errors.locked_out"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
OTP_TOTP_ISSUER = "Chi tieu BHXH BHYT"

# One API, for scripts (by token) and for the pages' own scripts (by session, with its CSRF check).
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["steering.accounts.programs.bodies.JSONAnswer"],
    "DEFAULT_PARSER_CLASSES": ["steering.accounts.programs.bodies.JSONBody"],
    "DEFAULT_PAGINATION_CLASS": "steering.accounts.programs.rest.Pages",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "rest_framework.throttling.ScopedRateThrottle",
    ],
    # An officer who types sends a request a cell; a script that counts the province, a few a page.
    "DEFAULT_THROTTLE_RATES": {
        "anon": "60/min",
        "user": "600/min",
        "tokens": "20/hour",
        "verify": "30/min",
    },
    # Whose request it is: without a proxy nobody may say so in a header.
    "NUM_PROXIES": 1 if HTTPS_ONLY else 0,
    "EXCEPTION_HANDLER": "steering.accounts.programs.rest.refusals_told",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"TOKEN_TTL": timedelta(hours=10), "TOKEN_LIMIT_PER_USER": 20}
SPECTACULAR_SETTINGS = {
    "TITLE": "Targets and counts of the steering committee",
    "DESCRIPTION": "The same figures, actions and rights as the pages. Counts are integers; null "
    "is blank and never zero; a month is written 2023-12.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "steering.accounts.programs.rest.describe_refusals",
    ],
    "ENUM_NAME_OVERRIDES": {
        "ReportingTierEnum": "districts.models.EntryTier",
        "DocumentKindEnum": "commitments.models.DocumentKind",
        "PaperStateEnum": "commitments.models.PaperState",
        "TaskStateEnum": "commitments.models.Task.State",
    },
}

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", _("Vietnamese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "steering" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True
FORMAT_MODULE_PATH = ["steering.formats"]


def _kept() -> dict:
    """Where pages that were made are kept for all workers: Redis, or files in a private folder."""
    if DEBUG:
        return {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
    if KEPT_URL:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": KEPT_URL,
            "KEY_PREFIX": "kept",
            "TIMEOUT": KEPT_FOR,
        }
    return {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": KEPT_DIR / "pages",
        "TIMEOUT": KEPT_FOR,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    }


# Pages of figures are kept under the state of the data they were made from (docs/adr/0025). Older
# ones are asked for no more and go by themselves.
KEPT_URL = env.str("REDIS_URL", default="")
KEPT_DIR = VAR_DIR / "kept"
KEPT_FOR = 24 * 3600
# Whether a worker is asked to make all figures of a province ready when one page of them is made.
READY_IN_BACKGROUND = True
# Ready figures of a month that nobody looked at for so long since they were made are made again.
READY_KEPT = timedelta(days=14)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
    "kept": _kept(),
}
# The folders of the program: what they hold tells one release from another.
PROGRAM = ("steering", "districts", "commitments", "reports", "collection")

STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "steering" / "static"]
# Files of people: handed out by views that ask for rights, never served as they lie.
MEDIA_ROOT = VAR_DIR / "media"
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"file_permissions_mode": 0o600, "directory_permissions_mode": 0o700},
    },
    # Names that carry a digest are served for ever, and compressed beforehand.
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# From the last page on; see steering.middleware.IdleTimeOut.
SESSION_COOKIE_AGE = 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if HTTPS_ONLY else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS_ONLY else None
SECURE_CONTENT_TYPE_NOSNIFF = True
CSRF_FAILURE_VIEW = "steering.errors.form_not_ours"
X_FRAME_OPTIONS = "DENY"
# Whether the other hosts of a domain speak HTTPS only, its owner knows and this project does not.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]

# Where mails lead, and how they leave: reminders are all that is mailed.
SITE_URL = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="ban-chi-dao@localhost")


def _mail() -> dict:
    """A mail server, or files in a folder to look at."""
    url = env.str("EMAIL_URL", default="")
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": str(VAR_DIR / "mail"),
        }
    if not re.match(r"smtps?(\+(tls|ssl))?://", url):
        scheme = url.partition("://")[0] if "://" in url else "no address"
        raise ImproperlyConfigured(
            f"EMAIL_URL must begin with smtp://, smtp+tls:// or smtp+ssl://; it is {scheme}."
        )
    return env.email_url_config(url)


globals().update(_mail())
EMAIL_TIMEOUT = 10

# Background work: kinds of jobs, each a function ``work(running) -> dict``; see steering.jobs.
JOB_KINDS = {
    "conference_workbook": "reports.work.conference_workbook",
    "commitment_documents": "reports.work.commitment_documents",
    "verify_totals": "commitments.work.compare_totals",
    "remind_overdue": "collection.nightly.remind_overdue",
    "check_upload": "collection.work.check_upload",
    "accept_upload": "collection.work.accept_upload",
    "remind_of_tasks": "steering.promises.work.remind_of_tasks",
    "remove_old_files": "steering.jobs.work.clear_old_files",
    "forget_old_figures": "reports.work.forget_old_figures",
    "renew_statistics": "steering.jobs.work.look_at_tables",
}
# What is asked for every night at two, and what people read about it.
NIGHTLY = {
    "verify_totals": _("Comparing totals with the counts below them"),
    "remind_overdue": _("Reminding of reports that are overdue"),
    "remind_of_tasks": _("Reminding of tasks that are due"),
    "remove_old_files": _("Removing files that were made long ago"),
    "forget_old_figures": _("Removing ready figures that nobody needs any more"),
    "renew_statistics": _("Looking at how full the tables of the database are"),
}
# Who reads what came of these nights, a function ``(user, day) -> bool``.
SEES_SYSTEM_JOBS = "steering.committee.access.keeps_periods"
# Files that jobs made, such as a workbook: half a year outlasts a conference and its questions, and
# they can be made again. What people handed in is evidence and never removed.
JOB_FILES_KEPT = timedelta(days=180)
JOB_HEARTBEAT = timedelta(seconds=10)
# Without a sign of life for so long, a worker is taken for dead.
JOB_STALE_AFTER = timedelta(minutes=2)

# Celery carries the numbers of jobs and nothing else; what it loses is found by requeue_stale.
BROKER_DIR = VAR_DIR / "broker"


def _broker() -> tuple[str, dict]:
    """Redis, or files in a private folder for a site and worker on one machine."""
    url = env.str("REDIS_URL", default="")
    if not url:
        folder = str(BROKER_DIR)
        return "files://localhost", {
            "data_folder_in": folder,
            "data_folder_out": folder,
            "control_folder": str(BROKER_DIR / "control"),
            "polling_interval": 0.5,
        }
    if not re.match(r"rediss?://", url):
        scheme = url.partition("://")[0] if "://" in url else "no address"
        raise ImproperlyConfigured(f"REDIS_URL must begin with redis://; it is {scheme}.")
    return url, {"socket_connect_timeout": 2}


CELERY_BROKER_URL, CELERY_BROKER_TRANSPORT_OPTIONS = _broker()
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.2}
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CONCURRENCY = 2
# Nobody asks a running worker for anything; its table of queues would be rewritten in place.
CELERY_WORKER_ENABLE_REMOTE_CONTROL = False
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat")
CELERY_BEAT_SCHEDULE = {
    "find stale jobs": {
        "task": "jobs.requeue_stale",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 55},
    },
    "nightly": {"task": "jobs.nightly", "schedule": crontab(hour=2, minute=0)},
}

# Django keeps what goes wrong to itself when DEBUG is off; whoever runs the server must see it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django": {"handlers": ["stderr"], "level": "WARNING", "propagate": False}},
}
