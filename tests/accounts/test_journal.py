"""The journal keeps who did what on what, and why, as it was then."""

from django.contrib.auth import authenticate
from django.db import connection

from steering.accounts.actions import write_journal
from steering.accounts.actors import COMMAND_LINE, as_user
from steering.accounts.models import JournalEntry, User
from tests import builders


def test_an_entry_says_who_what_on_what_and_why(province, outsider):
    write_journal(
        actor=outsider,
        action="rename",
        subject=province,
        before={"name": "Suối Cũ"},
        after={"name": "Suối Trong"},
        why="resolution of the council",
    )
    entry = JournalEntry.objects.get()
    assert (entry.actor, entry.actor_name) == (outsider, "outsider")
    assert (entry.subject_type, entry.subject_id) == ("districts.unit", str(province.pk))
    assert entry.subject == "Tỉnh Suối Trong (99)"
    assert (entry.before, entry.after) == ({"name": "Suối Cũ"}, {"name": "Suối Trong"})
    assert entry.why == "resolution of the council"


def test_the_command_line_is_named_and_is_no_user(province):
    entry = write_journal(actor=COMMAND_LINE, action="load", subject=province)
    assert entry.actor is None
    assert entry.actor_name == "command line"
    assert as_user(COMMAND_LINE) is None


def test_an_entry_keeps_the_name_as_it_was_then(province):
    someone = builders.user("lan", name="Lò Thị Minh Họa")
    write_journal(actor=someone, action="look", subject=province)
    User.objects.filter(pk=someone.pk).update(name="Lò Thị Khác")
    entry = JournalEntry.objects.get()
    assert entry.actor_name == "Lò Thị Minh Họa"
    assert entry.actor.name == "Lò Thị Khác"


def test_a_very_long_name_does_not_stop_the_journal(province):
    province.full_name = "Tỉnh " + "dài " * 100
    entry = write_journal(actor=COMMAND_LINE, action="look", subject=province)
    assert len(entry.subject) <= 250


def test_entries_are_read_newest_first(province):
    for action in ("first", "second"):
        write_journal(actor=COMMAND_LINE, action=action, subject=province)
    assert [entry.action for entry in JournalEntry.objects.all()] == ["second", "first"]


def test_an_entry_costs_one_query(province, django_assert_num_queries):
    with django_assert_num_queries(1, connection=connection):
        write_journal(actor=COMMAND_LINE, action="look", subject=province)


def test_a_name_is_one_whole(db):
    someone = User.objects.create_user("lan", password="a long enough password", name="Lò Văn Một")
    assert someone.get_full_name() == someone.get_short_name() == str(someone) == "Lò Văn Một"
    assert "first_name" not in {field.name for field in User._meta.get_fields()}
    assert str(builders.user("nameless")) == "nameless"


def test_signing_in_takes_the_right_password_and_an_active_account(rf, outsider):
    request = rf.post("/accounts/login/")
    assert authenticate(request, username="outsider", password="a long enough password") == outsider
    assert authenticate(request, username="outsider", password="another password") is None
    User.objects.update(is_active=False)
    assert authenticate(request, username="outsider", password="a long enough password") is None
