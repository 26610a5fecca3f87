"""Addresses of signing in and of one's own account. Names without prefix are those allauth reverses."""

from __future__ import annotations

from django.urls import path

from countyfair.surfaces.account import views

urlpatterns = [
    path("", views.account, name="account"),
    path("news/", views.news, name="account_news"),
    path("news/unread/", views.unread_news, name="account_unread"),
    path("news/read/", views.read_news, name="account_read_news"),
    path("news/choose/", views.choose_news, name="account_choose_news"),
    path("profile/", views.profile, name="account_profile"),
    path("password/", views.password, name="account_password"),
    path("sign-ins/end/", views.end_sign_in, name="account_end_sign_in"),
    path("erase/", views.erase, name="account_erase"),
    path("tokens/", views.tokens, name="account_tokens"),
    path("tokens/revoke/", views.revoke, name="account_revoke_token"),
    path("sign-in/", views.sign_in, name="account_request_login_code"),
    path("sign-in/code/", views.enter_code, name="account_confirm_login_code"),
    path("sign-in/password/", views.sign_in_by_password, name="account_login"),
    path("sign-in/second-factor/", views.show_second_factor, name="mfa_authenticate"),
    path("sign-out/", views.sign_out, name="account_logout"),
    path("closed/", views.closed, name="account_inactive"),
    path("again/", views.again_by_password, name="account_reauthenticate"),
    path("again/second-factor/", views.again_by_second_factor, name="mfa_reauthenticate"),
    path("second-factor/", views.second_factor, name="mfa_index"),
    path("second-factor/set-up/", views.set_up_second_factor, name="mfa_activate_totp"),
    path("second-factor/take-away/", views.take_second_factor_away, name="mfa_deactivate_totp"),
    path("second-factor/recovery/", views.recovery_codes, name="mfa_view_recovery_codes"),
    path("second-factor/recovery/new/", views.new_recovery_codes, name="mfa_generate_recovery_codes"),
]
