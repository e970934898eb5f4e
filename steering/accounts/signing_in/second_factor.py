"""The second factor: a code from a telephone every half minute, and backup codes for its loss.

Whoever has set one up gives it at each sign-in. Secrets never leave this module but to their owner.
"""

from base64 import b32encode
from dataclasses import dataclass
from datetime import timedelta
from secrets import choice

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_otp import verify_token
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from ..actions import write_journal
from ..actors import Actor
from ..faults import Refused
from ..models import User
from ..programs.tokens import end_tokens

BACKUP_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
"""Without the letters that paper confuses with each other or with digits. No digits: those are the
telephone's."""


@dataclass(frozen=True)
class SecondFactor:
    """What somebody has set up. ``backup_codes`` counts those not yet used."""

    is_on: bool
    backup_codes: int = 0


def second_factor_of(user: User) -> SecondFactor:
    """Whether ``user`` must give a code, and how many backup codes remain."""
    if not TOTPDevice.objects.devices_for_user(user, confirmed=True).exists():
        return SecondFactor(is_on=False)
    backup = StaticDevice.objects.filter(user=user, token_set__isnull=False)
    return SecondFactor(is_on=True, backup_codes=backup.count())


def begin(*, user: User) -> TOTPDevice:
    """The device ``user`` is setting up: the secret for the telephone, not yet asked for.

    Safe to repeat: a page that is opened again shows the same secret.
    """
    device, _made = TOTPDevice.objects.get_or_create(
        user=user, confirmed=False, defaults={"name": user.username}
    )
    return device


@transaction.atomic
def confirm(*, user: User, code: str) -> list[str]:
    """Switch the second factor on; the telephone proves with ``code`` that it has the secret.

    Ends every token: it was made with the password alone. Returns the backup codes, which nobody
    can read again. Raises Refused for a wrong code.
    """
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    if device is None:
        raise Refused.because("not_begun", _("Nothing is being set up. Begin once more."))
    if not device.verify_token(_plain(code)):
        raise Refused.because("wrong_code", _wrong(device), read=code)
    TOTPDevice.objects.filter(user=user, confirmed=True).delete()
    device.confirmed = True
    device.save(update_fields=["confirmed"])
    write_journal(actor=user, action="second_factor.set_up", subject=user)
    end_tokens(user=user, actor=user)
    return _make_backup_codes(user)


@transaction.atomic
def renew_backup_codes(*, user: User) -> list[str]:
    """New backup codes; the old ones stop working."""
    write_journal(actor=user, action="second_factor.codes_renewed", subject=user)
    return _make_backup_codes(user)


@transaction.atomic
def switch_off(*, user: User, actor: Actor, why: str = "") -> bool:
    """Forget every device and backup code of ``user``. False if there was nothing to forget.

    Judging whether ``actor`` may is the caller's part.
    """
    gone = [model.objects.filter(user=user).delete()[0] > 0 for model in (TOTPDevice, StaticDevice)]
    if any(gone):
        write_journal(actor=actor, action="second_factor.switched_off", subject=user, why=why)
    return any(gone)


def check(*, user: User, code: str) -> None:
    """Take the code of the telephone or a backup code, which is used up by it.

    Raises Refused for a wrong code, and for any code while the wait after wrong ones lasts.
    """
    code = _plain(code)
    # A wrong code counts against the device it was meant for only: they wait separately.
    model = TOTPDevice if code.isdecimal() else StaticDevice
    devices = model.objects.devices_for_user(user, confirmed=True)
    if not any(verify_token(user, device.persistent_id, code) for device in devices):
        raise Refused.because("wrong_code", _wrong(*devices.all()), read=code)


def _plain(code: str) -> str:
    """A code as devices know it: without the spaces and dashes that make it readable."""
    return "".join(code.split()).replace("-", "").lower()


def _wrong(*devices: TOTPDevice | StaticDevice) -> str:
    """What to tell whoever gave a wrong code."""
    waits = [
        details for allowed, details in (d.verify_is_allowed() for d in devices) if not allowed
    ]
    seconds = max((_seconds_left(details) for details in waits), default=0)
    if seconds > 1:
        return _(
            "This code is not right. After several wrong codes there is a wait; try again in "
            "%(seconds)s seconds."
        ) % {"seconds": seconds}
    return _(
        "This code is not right. Type the six digits your telephone shows now, or a backup code "
        "that was not used before. If the telephone's clock is wrong, so are its codes."
    )


def _seconds_left(details: dict) -> int:
    until = details.get("locked_until")
    return 0 if until is None else max(0, -((timezone.now() - until) // timedelta(seconds=1)))


def _make_backup_codes(user: User) -> list[str]:
    device, _made = StaticDevice.objects.get_or_create(user=user, defaults={"name": user.username})
    device.throttle_reset()
    device.token_set.all().delete()
    codes = ["".join(choice(_LETTERS) for _ in range(8)) for _ in range(BACKUP_CODES)]
    device.token_set.bulk_create(device.token_set.model(device=device, token=c) for c in codes)
    return [f"{code[:4]}-{code[4:]}" for code in codes]


def readable_secret(device: TOTPDevice) -> str:
    """The secret in groups of four letters, for whoever cannot scan it."""
    secret = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
