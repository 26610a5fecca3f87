"""Every write of people: users and their sign-ins, roles, organisations, households, consents."""

from countyfair.registers.people.actions.consents import (
    Evidence,
    open_evidence,
    record_consent,
    withdraw_consent,
)
from countyfair.registers.people.actions.entering import link_phone
from countyfair.registers.people.actions.filters import drop_filter, save_filter
from countyfair.registers.people.actions.households import (
    RegisteredHousehold,
    erase_identity,
    register_household,
)
from countyfair.registers.people.actions.organisations import (
    change_organisation,
    close_organisation,
    hold_organisation,
    register_organisation,
)
from countyfair.registers.people.actions.reading import OpenedHousehold, read_household, read_households
from countyfair.registers.people.actions.roles import end_role, grant_role, reset_second_factor
from countyfair.registers.people.actions.users import (
    SECOND_FACTOR,
    confirm_phone,
    end_sign_in,
    erase_user,
    forget_expired_sign_ins,
    give_sample_second_factor,
    register_user,
    set_password,
    set_profile,
)

__all__ = [
    "SECOND_FACTOR",
    "Evidence",
    "OpenedHousehold",
    "RegisteredHousehold",
    "change_organisation",
    "close_organisation",
    "confirm_phone",
    "drop_filter",
    "end_role",
    "end_sign_in",
    "erase_identity",
    "erase_user",
    "forget_expired_sign_ins",
    "give_sample_second_factor",
    "grant_role",
    "hold_organisation",
    "link_phone",
    "open_evidence",
    "read_household",
    "read_households",
    "record_consent",
    "register_household",
    "register_organisation",
    "register_user",
    "reset_second_factor",
    "save_filter",
    "set_password",
    "set_profile",
    "withdraw_consent",
]
