"""The way in: passwords, lock-out, second factor, idle sessions, one's own account."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from knox.models import AuthToken

from steering.accounts.faults import Refused
from steering.accounts.models import JournalEntry, User
from steering.accounts.signing_in import second_factor
from tests import builders

PASSWORD = "a long enough password"
LOGIN, CODE = reverse("accounts:login"), reverse("accounts:code")


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2025, 3, 15, 9, 0), tick=False) as traveller:
        yield traveller


@pytest.fixture
def lan(db) -> User:
    return builders.user("lan")


@pytest.fixture
def codes(lan, clock) -> list[str]:
    """Lan has a second factor; these are her backup codes."""
    return second_factor.confirm(user=lan, code=shown(second_factor.begin(user=lan)))


def shown(device: TOTPDevice) -> str:
    """What the telephone shows at this moment."""
    generator = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    generator.time = datetime.now().timestamp()
    return f"{generator.token():06d}"


def telephone(user: User) -> str:
    return shown(TOTPDevice.objects.get(user=user, confirmed=True))


def sign_in(client: Client, password: str = PASSWORD, **more: str):
    return client.post(LOGIN, {"username": "lan", "password": password, **more})


def signed_in(client: Client) -> bool:
    return client.get(reverse("accounts:settings")).status_code == 200


# --- passwords -----------------------------------------------------------------------------------


def test_the_right_password_leads_to_where_one_was_going(client, lan):
    assert sign_in(client, next="/help/").url == "/help/"
    assert signed_in(client)


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:1"])
def test_nobody_is_led_to_another_site(client, lan, elsewhere):
    assert "evil" not in sign_in(client, next=elsewhere).url
    assert "javascript" not in sign_in(Client(), next=elsewhere).url


def test_a_wrong_password_is_refused_in_a_sentence_and_the_account_kept_in_the_form(client, lan):
    client.cookies["django_language"] = "en"
    page = sign_in(client, "wrong").content.decode()
    assert "do not belong together" in page
    assert 'value="lan"' in page
    assert "wrong" not in re.findall(r'value="([^"]*)"', page)
    assert not signed_in(client)


def test_a_closed_account_does_not_get_in(client, lan):
    User.objects.update(is_active=False)
    sign_in(client)
    assert not signed_in(client)


def test_signing_out_takes_a_form_not_a_link(client, lan):
    client.force_login(lan)
    assert client.get(reverse("accounts:logout")).status_code == 405
    assert client.post(reverse("accounts:logout")).url == LOGIN
    assert not signed_in(client)


def test_signing_out_of_the_back_office_ends_on_the_same_page(client, lan):
    """It is the one that clears what the device kept."""
    client.force_login(lan)
    assert client.post(reverse("admin:logout")).url == LOGIN
    assert not signed_in(client)


def test_the_back_office_has_no_way_in_of_its_own(client, lan):
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == f"{LOGIN}?next=%2Fadmin%2F"
    User.objects.update(is_staff=False)
    client.force_login(lan)
    assert client.get("/admin/", follow=True).status_code == 403


# --- lock-out ------------------------------------------------------------------------------------


def test_five_wrong_passwords_lock_the_pair_of_account_and_address(client, lan, clock):
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert sign_in(client, "wrong").status_code == 200
    locked = sign_in(client, "wrong")
    assert locked.status_code == 429
    assert locked.headers["Retry-After"] == "900"
    assert 'class="top"' in locked.content.decode()
    assert sign_in(client).status_code == 429
    assert not signed_in(client)


def test_a_locked_account_still_gets_in_from_another_address(client, lan, clock):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "wrong")
    elsewhere = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(elsewhere).status_code == 302
    assert signed_in(elsewhere)


def test_the_lock_opens_after_a_quarter_of_an_hour(client, lan, clock):
    for _ in range(settings.AXES_FAILURE_LIMIT):
        sign_in(client, "wrong")
    clock.shift(timedelta(minutes=14))
    assert sign_in(client).status_code == 429
    clock.shift(timedelta(minutes=2))
    assert sign_in(client).status_code == 302
    assert signed_in(client)


def test_the_right_password_forgets_the_wrong_ones(client, lan, clock):
    for _ in range(2):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            assert sign_in(client, "wrong").status_code == 200
        assert sign_in(client).status_code == 302
        client.post(reverse("accounts:logout"))


# --- second factor -------------------------------------------------------------------------------


def test_a_password_alone_does_not_sign_in_whoever_has_a_second_factor(client, lan, codes):
    assert sign_in(client).url == CODE
    assert not signed_in(client)


def test_the_code_of_the_telephone_signs_in(client, lan, codes, clock):
    clock.shift(timedelta(minutes=1))
    sign_in(client, next="/help/")
    assert client.post(CODE, {"code": telephone(lan)}).url == "/help/"
    assert signed_in(client)


def test_a_code_works_once(client, lan, codes, clock):
    clock.shift(timedelta(minutes=1))
    code = telephone(lan)
    sign_in(client)
    client.post(CODE, {"code": code})
    again = Client()
    sign_in(again)
    assert again.post(CODE, {"code": code}).status_code == 200
    assert not signed_in(again)


def test_a_backup_code_signs_in_once_however_it_is_typed(client, lan, codes):
    typed = codes[0].upper().replace("-", " ")
    sign_in(client)
    client.post(CODE, {"code": typed})
    assert signed_in(client)
    assert second_factor.second_factor_of(lan).backup_codes == second_factor.BACKUP_CODES - 1
    again = Client()
    sign_in(again)
    again.post(CODE, {"code": typed})
    assert not signed_in(again)


def test_wrong_codes_make_one_wait_and_the_page_says_how_long(client, lan, codes, clock):
    client.cookies["django_language"] = "en"
    clock.shift(timedelta(minutes=1))
    sign_in(client)
    for _ in range(5):
        page = client.post(CODE, {"code": "000000"}).content.decode()
        clock.shift(timedelta(seconds=20))
    client.post(CODE, {"code": "000000"})
    page = client.post(CODE, {"code": telephone(lan)}).content.decode()
    assert re.search(r"try again in \d+ seconds", page)
    assert not signed_in(client)


def test_the_second_step_needs_the_first_and_not_too_long_ago(client, lan, codes, clock):
    assert client.get(CODE).url == LOGIN
    sign_in(client)
    clock.shift(timedelta(minutes=6))
    assert client.post(CODE, {"code": codes[0]}).url == LOGIN
    assert not signed_in(client)


def test_an_account_closed_between_the_steps_does_not_get_in(client, lan, codes):
    sign_in(client)
    User.objects.update(is_active=False)
    assert client.post(CODE, {"code": codes[0]}).url == LOGIN


def test_the_second_factor_is_set_up_on_a_page_with_a_picture_drawn_here(client, lan, clock):
    client.force_login(lan)
    page = client.get(reverse("accounts:set_up_second_factor")).content.decode()
    assert 'class="qr"' in page
    assert "style=" not in page
    device = TOTPDevice.objects.get(user=lan)
    assert second_factor.readable_secret(device) in page
    assert not second_factor.second_factor_of(lan).is_on
    answer = client.post(reverse("accounts:set_up_second_factor"), {"code": shown(device)})
    assert len(answer.context["codes"]) == second_factor.BACKUP_CODES
    assert second_factor.second_factor_of(lan) == second_factor.SecondFactor(True, 10)
    assert JournalEntry.objects.get().action == "second_factor.set_up"


def test_switching_it_on_ends_what_the_password_alone_had_opened(client, lan, clock):
    elsewhere, stranger = Client(), Client()
    for browser in (client, elsewhere):
        browser.force_login(lan)
    stranger.force_login(builders.user("minh"))
    _made, token = AuthToken.objects.create(user=lan)
    client.get(reverse("accounts:set_up_second_factor"))
    device = TOTPDevice.objects.get(user=lan)
    client.post(reverse("accounts:set_up_second_factor"), {"code": shown(device)})
    script = Client(headers={"Authorization": f"Token {token}"})
    assert script.get("/api/v1/units/").status_code == 401
    assert (signed_in(client), signed_in(elsewhere), signed_in(stranger)) == (True, False, True)


def test_a_wrong_code_does_not_switch_it_on(client, lan, clock):
    client.force_login(lan)
    client.get(reverse("accounts:set_up_second_factor"))
    assert client.post(reverse("accounts:set_up_second_factor"), {"code": "12"}).status_code == 200
    assert not second_factor.second_factor_of(lan).is_on
    assert not StaticToken.objects.exists()


def test_the_page_opened_twice_shows_the_same_secret(lan):
    assert second_factor.begin(user=lan).key == second_factor.begin(user=lan).key


def test_a_second_factor_in_use_is_not_replaced_without_a_code(client, lan, codes):
    client.force_login(lan)
    assert client.get(reverse("accounts:set_up_second_factor")).status_code == 302
    client.post(reverse("accounts:set_up_second_factor"), {"code": "123456"})
    assert not TOTPDevice.objects.filter(user=lan, confirmed=False).exists()


@pytest.mark.parametrize("name", ["switch_off_second_factor", "renew_backup_codes"])
def test_switching_off_and_new_codes_take_a_code(client, lan, codes, name):
    client.force_login(lan)
    before = set(StaticToken.objects.values_list("token", flat=True))
    client.post(reverse(f"accounts:{name}"), {"code": "wrong"})
    assert set(StaticToken.objects.values_list("token", flat=True)) == before
    assert second_factor.second_factor_of(lan).is_on


def test_it_is_switched_off_with_a_code(client, lan, codes):
    client.force_login(lan)
    client.post(reverse("accounts:switch_off_second_factor"), {"code": codes[0]})
    assert not TOTPDevice.objects.exists()
    assert not StaticDevice.objects.exists()


def test_new_backup_codes_replace_the_old_ones(client, lan, codes):
    client.force_login(lan)
    fresh = client.post(reverse("accounts:renew_backup_codes"), {"code": codes[0]}).context["codes"]
    assert set(fresh).isdisjoint(codes)
    with pytest.raises(Refused):
        second_factor.check(user=lan, code=codes[1])


def test_the_code_of_one_person_is_no_use_to_another(lan, codes):
    with pytest.raises(Refused):
        second_factor.check(user=builders.user("minh"), code=codes[0])


def test_backup_codes_are_never_made_of_digits_alone(lan, codes):
    assert all(code.replace("-", "").isalpha() for code in codes)
    assert len(set(codes)) == second_factor.BACKUP_CODES


# --- one's own account ---------------------------------------------------------------------------


def test_a_new_password_is_journaled_without_saying_what_it_is(client, lan):
    client.force_login(lan)
    new = "Nước chảy đá mòn 1975"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    client.post(reverse("accounts:password"), form)
    lan.refresh_from_db()
    assert lan.check_password(new)
    assert signed_in(client)
    entry = JournalEntry.objects.get()
    assert (entry.action, entry.before, entry.after) == ("user.password_set", None, None)


def test_the_back_office_changes_a_password_as_the_site_does(client, lan):
    elsewhere = Client()
    for browser in (client, elsewhere):
        browser.force_login(lan)
    _made, token = AuthToken.objects.create(user=lan)
    script = Client(headers={"Authorization": f"Token {token}"})
    assert script.get("/api/v1/units/").status_code == 200
    new = "Nước chảy đá mòn 1975"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    door = reverse("admin:password_change")
    assert client.get(door).status_code == 200
    assert client.post(door, form).url == reverse("accounts:settings")
    lan.refresh_from_db()
    assert lan.check_password(new)
    assert script.get("/api/v1/units/").status_code == 401
    assert (signed_in(client), signed_in(elsewhere)) == (True, False)
    actions = set(JournalEntry.objects.values_list("action", flat=True))
    assert actions == {"user.password_set", "token.ended"}


def test_the_language_one_keeps_is_the_language_after_signing_in(client, lan):
    client.force_login(lan)
    client.post(reverse("accounts:settings"), {"language": "en", "single_keys": "on"})
    other = Client()
    sign_in(other)
    assert '<html lang="en">' in other.get(reverse("accounts:settings")).content.decode()


def test_single_keys_can_be_switched_off(client, lan):
    client.force_login(lan)
    assert 'data-keys="off"' not in client.get(reverse("accounts:settings")).content.decode()
    client.post(reverse("accounts:settings"), {"language": ""})
    assert 'data-keys="off"' in client.get(reverse("accounts:settings")).content.decode()


# --- idle sessions -------------------------------------------------------------------------------


def test_a_session_ends_an_hour_after_the_last_page(client, lan, clock):
    sign_in(client)
    for _ in range(4):
        clock.shift(timedelta(minutes=50))
        assert signed_in(client)
    clock.shift(timedelta(minutes=61))
    assert not signed_in(client)


def test_pages_in_quick_succession_write_no_session(client, lan, clock):
    client.force_login(lan)
    signed_in(client)
    kept = client.session["seen"]
    clock.shift(timedelta(minutes=4))
    signed_in(client)
    assert client.session["seen"] == kept


def test_a_fragment_after_the_session_loads_the_whole_page_again(client, db):
    answer = client.get(reverse("accounts:settings"), headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")
