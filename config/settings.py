"""Settings of one deployment. Every value a machine must differ in comes from the environment.

`docs/settings.md` lists them; `countyfair check --deploy` refuses unsafe ones.
"""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

import environ

ROOT = Path(__file__).resolve().parent.parent
env = environ.Env()

DEBUG = env.bool("COUNTYFAIR_DEBUG", default=False)
#: Development values; `countyfair check --deploy` refuses them.
DEVELOPMENT_KEY = "development-only-development-only-development-only"
SECRET_KEY = env("COUNTYFAIR_SECRET_KEY", default=DEVELOPMENT_KEY)
COUNTYFAIR_SEAL_KEYS = env.list("COUNTYFAIR_SEAL_KEYS", default=[DEVELOPMENT_KEY])
COUNTYFAIR_BLIND_KEY = env("COUNTYFAIR_BLIND_KEY", default=DEVELOPMENT_KEY)
ALLOWED_HOSTS = env.list("COUNTYFAIR_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("COUNTYFAIR_ORIGINS", default=[])
COUNTYFAIR_ORIGIN = env("COUNTYFAIR_ORIGIN", default="http://127.0.0.1:8000").rstrip("/")
#: Where the deployment's own address is https, nothing of it goes over http.
_is_https = COUNTYFAIR_ORIGIN.startswith("https://")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = _is_https
SECURE_HSTS_SECONDS = 365 * 86400 if _is_https else 0
#: Only behind proxies that set X-Forwarded-Proto themselves, take it off what visitors send, and add to
#: X-Forwarded-For whom they were reached by; how many there are says which entry is the visitor's.
COUNTYFAIR_BEHIND_PROXY = env.bool("COUNTYFAIR_BEHIND_PROXY", default=False)
COUNTYFAIR_PROXIES = env.int("COUNTYFAIR_PROXIES", default=1)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if COUNTYFAIR_BEHIND_PROXY else None

#: Where this deployment keeps what is not in the database: photos, logs, the embedded server's data.
VAR = Path(env("COUNTYFAIR_VAR", default=str(ROOT / "var")))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "pgtrigger",
    "procrastinate.contrib.django",
    "csp",
    "countyfair.kernel",
    "countyfair.registers.places",
    "countyfair.registers.people",
    "countyfair.registers.access",
    "countyfair.registers.notices",
    "countyfair.registers.tasks",
    "countyfair.registers.ledger",
    "countyfair.registers.stations",
    "countyfair.trade.catalog",
    "countyfair.trade.stock",
    "countyfair.trade.payments",
    "countyfair.trade.logistics",
    "countyfair.trade.promotions",
    "countyfair.trade.orders",
    "countyfair.trade.settlement",
    "countyfair.trade.trace",
    "countyfair.trade.bookings",
    "countyfair.outreach.channels",
    "countyfair.outreach.webhooks",
    "countyfair.surfaces.ui",
    "countyfair.surfaces.account",
    "countyfair.surfaces.shop",
    "countyfair.surfaces.farmer",
    "countyfair.surfaces.station",
    "countyfair.surfaces.courier",
    "countyfair.surfaces.centre",
    "countyfair.surfaces.api",
    "countyfair.surfaces.commands",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "countyfair.surfaces.ui.packing.Packing",
    "countyfair.surfaces.ui.middleware.ContentPolicy",
    "countyfair.surfaces.ui.middleware.Preferences",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "countyfair.surfaces.ui.middleware.Messages",
    "allauth.account.middleware.AccountMiddleware",
    "countyfair.surfaces.ui.middleware.Refusals",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {
            "environment": "countyfair.surfaces.ui.environment.environment",
            "context_processors": ["countyfair.surfaces.ui.page.for_templates"],
        },
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": ["django.template.context_processors.request"]},
    },
]
CSRF_FAILURE_VIEW = "countyfair.surfaces.ui.views.csrf_refused"
#: Messages for the next page travel in a signed cookie, so that a guest needs no session.
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"
LANGUAGE_COOKIE_NAME = "lang"
#: Pages carry no script and no style of their own, so that none can be put into them.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
COUNTYFAIR_WIRING = "config.wiring.WIRING"
COUNTYFAIR_JOBS = "config.wiring.JOBS"

#: Without DATABASE_URL the command line starts PostgreSQL itself and names its socket here.
_database = env.db_url("DATABASE_URL", default=f"postgres://countyfair@/countyfair?host={VAR / 'pg' / 'run'}")
_database["ENGINE"] = "countyfair.runtime.connections"
_database["OPTIONS"] = _database.get("OPTIONS", {}) | {
    "server_side_binding": True,
    # A statement sent twice on a connection is planned once from then on: half the server's time of a page.
    "prepare_threshold": 2,
}
# Each thread keeps its connection; `countyfair.runtime.connections` looks at it before a request.
_database["CONN_MAX_AGE"] = None
_database["CONN_HEALTH_CHECKS"] = True
DATABASES = {"default": _database}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "kernel_cache"}}

#: So many days the log says of each webhook's tries what became of them; seven at least.
COUNTYFAIR_WEBHOOK_LOG_DAYS = env.int("COUNTYFAIR_WEBHOOK_LOG_DAYS", default=30)
#: The simulated payment provider, a process of its own on this machine. Never in production.
COUNTYFAIR_SANDBOX = env.bool("COUNTYFAIR_SANDBOX", default=True)
COUNTYFAIR_SANDBOX_PORT = env.int("COUNTYFAIR_SANDBOX_PORT", default=8010)
COUNTYFAIR_SANDBOX_URL = env("COUNTYFAIR_SANDBOX_URL", default=f"http://127.0.0.1:{COUNTYFAIR_SANDBOX_PORT}")
COUNTYFAIR_SANDBOX_KEY = env("COUNTYFAIR_SANDBOX_KEY", default=DEVELOPMENT_KEY)
#: The checkout's form leads on to the page of a payment provider, which browsers must be told; each gateway
#: whose payers go elsewhere adds its origin.
if COUNTYFAIR_SANDBOX:
    _sandbox = urlsplit(COUNTYFAIR_SANDBOX_URL)
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].append(f"{_sandbox.scheme}://{_sandbox.netloc}")

#: WeChat Pay (API v3), offered where the first five are set; see docs/payments.md.
COUNTYFAIR_WECHAT_MCHID = env("COUNTYFAIR_WECHAT_MCHID", default="")
COUNTYFAIR_WECHAT_APPID = env("COUNTYFAIR_WECHAT_APPID", default="")
COUNTYFAIR_WECHAT_SERIAL = env("COUNTYFAIR_WECHAT_SERIAL", default="")
COUNTYFAIR_WECHAT_KEY_FILE = env("COUNTYFAIR_WECHAT_KEY_FILE", default="")
COUNTYFAIR_WECHAT_APIV3_KEY = env("COUNTYFAIR_WECHAT_APIV3_KEY", default="")
COUNTYFAIR_WECHAT_PUBLIC_KEY_ID = env("COUNTYFAIR_WECHAT_PUBLIC_KEY_ID", default="")
COUNTYFAIR_WECHAT_PUBLIC_KEY_FILE = env("COUNTYFAIR_WECHAT_PUBLIC_KEY_FILE", default="")
COUNTYFAIR_WECHAT_URL = env("COUNTYFAIR_WECHAT_URL", default="https://api.mch.weixin.qq.com")
#: Alipay, offered where the first three are set.
COUNTYFAIR_ALIPAY_APPID = env("COUNTYFAIR_ALIPAY_APPID", default="")
COUNTYFAIR_ALIPAY_KEY_FILE = env("COUNTYFAIR_ALIPAY_KEY_FILE", default="")
COUNTYFAIR_ALIPAY_PUBLIC_KEY_FILE = env("COUNTYFAIR_ALIPAY_PUBLIC_KEY_FILE", default="")
COUNTYFAIR_ALIPAY_SELLER = env("COUNTYFAIR_ALIPAY_SELLER", default="")
COUNTYFAIR_ALIPAY_URL = env("COUNTYFAIR_ALIPAY_URL", default="https://openapi.alipay.com/gateway.do")
#: Where these two lead the payer; browsers are told while they are set up.
COUNTYFAIR_WECHAT_PAGES = env.list("COUNTYFAIR_WECHAT_PAGES", default=["https://wx.tenpay.com"])
COUNTYFAIR_ALIPAY_PAGES = env.list(
    "COUNTYFAIR_ALIPAY_PAGES", default=["https://openapi.alipay.com", "https://mclient.alipay.com"]
)
#: Stripe, offered where both are set; several secrets of its endpoint while one is rolled.
COUNTYFAIR_STRIPE_KEY = env("COUNTYFAIR_STRIPE_KEY", default="")
COUNTYFAIR_STRIPE_WEBHOOK_SECRETS = env.list("COUNTYFAIR_STRIPE_WEBHOOK_SECRETS", default=[])
COUNTYFAIR_STRIPE_URL = env("COUNTYFAIR_STRIPE_URL", default="https://api.stripe.com")
COUNTYFAIR_STRIPE_PAGES = env.list("COUNTYFAIR_STRIPE_PAGES", default=["https://checkout.stripe.com"])
if COUNTYFAIR_STRIPE_KEY:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].extend(COUNTYFAIR_STRIPE_PAGES)
if COUNTYFAIR_WECHAT_MCHID:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].extend(COUNTYFAIR_WECHAT_PAGES)
if COUNTYFAIR_ALIPAY_APPID:
    CONTENT_SECURITY_POLICY["DIRECTIVES"]["form-action"].extend(COUNTYFAIR_ALIPAY_PAGES)

#: Where outside platforms' open APIs are reached; each shop's keys are its own (docs/channels-apis.md).
COUNTYFAIR_TAOBAO_URL = env("COUNTYFAIR_TAOBAO_URL", default="https://eco.taobao.com/router/rest")
COUNTYFAIR_PINDUODUO_URL = env("COUNTYFAIR_PINDUODUO_URL", default="https://gw-api.pinduoduo.com/api/router")
COUNTYFAIR_DOUYIN_URL = env("COUNTYFAIR_DOUYIN_URL", default="https://openapi-fxg.jinritemai.com")

#: Whether a process keeps what hardly changes for a while: names of places, rows of the fair.
COUNTYFAIR_REMEMBER = env.bool("COUNTYFAIR_REMEMBER", default=True)

#: Who sends one-time codes: a folder of `registers/people/sms`. `console` prints them, and lets the sample
#: people in; `http` posts them, signed with the key, to a gateway at the address.
COUNTYFAIR_SMS = env("COUNTYFAIR_SMS", default="console")
COUNTYFAIR_SMS_URL = env("COUNTYFAIR_SMS_URL", default="")
COUNTYFAIR_SMS_KEY = env("COUNTYFAIR_SMS_KEY", default="")

#: GS1 company prefixes by county, e.g. `450225=6912345,410782=69234567`; see docs/trace.md.
COUNTYFAIR_GS1_PREFIXES = env.dict("COUNTYFAIR_GS1_PREFIXES", default={})

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
#: What Vite built. Its names carry a hash of the content, so that they may be kept for ever.
COUNTYFAIR_FRONTEND = ROOT / "frontend" / "dist"
STATICFILES_DIRS = [COUNTYFAIR_FRONTEND] if COUNTYFAIR_FRONTEND.is_dir() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/a/.+-[\w-]{8}\.\w+$"
#: A batch of payouts is answered in one form, four fields a household.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000

MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"

# --- Who signs in, and how: by phone and one-time code, staff with a second factor.
AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["countyfair.surfaces.account.backend.Backend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "/account/sign-in/"
LOGIN_REDIRECT_URL = "/account/"
LOGOUT_REDIRECT_URL = "/"
#: Where staff without a second factor are led before any page of their work.
COUNTYFAIR_SECOND_FACTOR_URL = "/account/second-factor/"
#: In the database and not in signed cookies: a role taken away, a lost phone or an erased person ends them
#: at once. A signed-in request reads the session and the user with their roles: two statements.
SESSION_ENGINE = "countyfair.registers.people.sessions"
SESSION_COOKIE_AGE = 14 * 86400
ACCOUNT_ADAPTER = "countyfair.surfaces.account.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"phone"}
ACCOUNT_SIGNUP_FIELDS = ["phone*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
#: Who sends e-mail: printed on a machine of one's own, `smtp+tls://user:password@host:587` elsewhere.
vars().update(env.email_url("COUNTYFAIR_EMAIL", default="consolemail://"))
DEFAULT_FROM_EMAIL = env.str("COUNTYFAIR_EMAIL_FROM", default="countyfair@localhost")
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 300
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
#: Amount / time / for whom; `key` is the phone. Three codes of three attempts each in five minutes, twenty a
#: day, against a million possible codes. Few by address, since a village may share one.
ACCOUNT_RATE_LIMITS = {
    "request_login_code": "20/m/ip,3/5m/key,20/d/key",
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reauthenticate": "10/m/user",
}
MFA_ADAPTER = "countyfair.surfaces.account.adapters.SecondFactorAdapter"
MFA_TOTP_ISSUER = "CountyFair"
#: One step of thirty seconds either way, for clocks that are off.
MFA_TOTP_TOLERANCE = 1
