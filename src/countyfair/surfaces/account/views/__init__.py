"""Pages of signing in and of one's own account."""

from countyfair.surfaces.account.views.news import choose_news, news, read_news, unread_news
from countyfair.surfaces.account.views.own import account, end_sign_in, erase, password, profile
from countyfair.surfaces.account.views.second_factor import (
    again_by_password,
    again_by_second_factor,
    new_recovery_codes,
    recovery_codes,
    second_factor,
    set_up_second_factor,
    show_second_factor,
    take_second_factor_away,
)
from countyfair.surfaces.account.views.sign_in import (
    closed,
    enter_code,
    sign_in,
    sign_in_by_password,
    sign_out,
    too_many,
)
from countyfair.surfaces.account.views.tokens import revoke, tokens

__all__ = [
    "account",
    "again_by_password",
    "again_by_second_factor",
    "choose_news",
    "closed",
    "end_sign_in",
    "enter_code",
    "erase",
    "new_recovery_codes",
    "news",
    "password",
    "profile",
    "read_news",
    "recovery_codes",
    "revoke",
    "second_factor",
    "set_up_second_factor",
    "show_second_factor",
    "sign_in",
    "sign_in_by_password",
    "sign_out",
    "take_second_factor_away",
    "tokens",
    "too_many",
    "unread_news",
]
