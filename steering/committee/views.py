"""The page of people, where members are seated, moved and unseated, and that of the letterhead."""

from collections.abc import Callable
from datetime import date
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from districts.models import Unit
from steering.accounts.faults import Refused
from steering.accounts.models import User
from steering.accounts.paging import Turn, page_of

from . import people as read
from .access import NotAllowed, require, require_somewhere
from .actions import (
    found_committee,
    move_member,
    reset_second_factor,
    seat_member,
    unseat_member,
    write_letterhead,
)
from .forms import EndForm, LetterheadForm, MoveForm, ReasonedForm, SeatForm
from .letterheads import letterhead_of
from .models import Membership
from .roles import Permission

PER_PAGE = 50


def keeper_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Call ``view(request, today, …)`` for somebody who seats members somewhere; 403 for others."""

    @login_required
    @wraps(view)
    def inner(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        today = timezone.localdate()
        require_somewhere(request.user, Permission.SEAT_MEMBERS, today)
        return view(request, today, *args, **kwargs)

    return inner


@require_safe
@keeper_only
def people(request: HttpRequest, today: date) -> HttpResponse:
    """Everybody within reach, with what may be done about each."""
    search = request.GET.get("q", "")
    accounts = read.accounts_seen_by(request.user, today, search)
    page = page_of(accounts, Turn.of(request.GET), by=["name", "username"], size=PER_PAGE)
    rows = read.rows(page.rows, request.user, today)
    context = {"rows": rows, "page": page, "search": search, "today": today}
    return render(request, "committee/people.html", context)


@require_http_methods(["GET", "POST"])
@keeper_only
def seat(request: HttpRequest, today: date, username: str) -> HttpResponse:
    """Seat somebody."""
    person = _person(request, today, username)
    form = SeatForm(_sent(request), keeper=request.user, on=today)

    def act(data: dict) -> str:
        unit = data.pop("unit")
        committee = found_committee(unit=unit, actor=request.user, on=today)
        seat_member(user=person, committee=committee, actor=request.user, on=today, **data)
        return _("%(person)s sits on the committee of %(unit)s.") % {"person": person, "unit": unit}

    return _answer(
        request, form, act, _("Give %(person)s a seat") % {"person": person}, person=person
    )


@require_http_methods(["GET", "POST"])
@keeper_only
def move(request: HttpRequest, today: date, pk: int) -> HttpResponse:
    """Another unit or role for the holder of a seat."""
    held = _seat(request, today, pk)
    form = MoveForm(_sent(request), keeper=request.user, on=today, initial={"role": held.role})

    def act(data: dict) -> str:
        move_member(seat=held, actor=request.user, on=today, **data)
        return _("%(person)s moves to %(unit)s.") % {"person": held.user, "unit": data["unit"]}

    title = _("Move %(person)s") % {"person": held.user}
    return _answer(request, form, act, title, person=held.user, held=held)


@require_http_methods(["GET", "POST"])
@keeper_only
def end(request: HttpRequest, today: date, pk: int) -> HttpResponse:
    """End a seat; it stays on record."""
    held = _seat(request, today, pk)
    form = EndForm(_sent(request), initial={"until": today})

    def act(data: dict) -> str:
        unseat_member(seat=held, actor=request.user, on=today, **data)
        return _("The seat of %(person)s ends.") % {"person": held.user}

    title = _("End the seat of %(person)s") % {"person": held.user}
    return _answer(request, form, act, title, person=held.user, held=held)


@require_http_methods(["GET", "POST"])
@keeper_only
def reset(request: HttpRequest, today: date, username: str) -> HttpResponse:
    """Reset the second factor of somebody who lost it."""
    person = _person(request, today, username)
    form = ReasonedForm(_sent(request))

    def act(data: dict) -> str:
        reset_second_factor(user=person, actor=request.user, on=today, **data)
        return _("%(person)s now signs in with the password alone.") % {"person": person}

    title = _("Reset the second factor of %(person)s") % {"person": person}
    return _answer(request, form, act, title, person=person, resets=True)


@require_http_methods(["GET", "POST"])
@login_required
def letterhead(request: HttpRequest) -> HttpResponse:
    """The texts around the documents of a unit: ``?unit=14``, else the highest within reach."""
    today = timezone.localdate()
    require_somewhere(request.user, Permission.ASSIGN_TARGETS, today)
    units = read.units_within_reach(request.user, today, Permission.ASSIGN_TARGETS).order_by(
        "-tier", "sort_key"
    )
    unit = _unit(request.GET.get("unit"), today) or units.first()
    require(request.user, Permission.ASSIGN_TARGETS, unit, today)
    with translation.override("vi"):
        # What is kept here is printed on Vietnamese paper, whatever the reader's language.
        kept = letterhead_of(unit)
    form = LetterheadForm(_sent(request), kept)
    status = 200
    if request.method == "POST" and form.is_valid():
        try:
            write_letterhead(unit=unit, texts=form.cleaned_data, actor=request.user, on=today)
        except NotAllowed:
            raise
        except Refused as refusal:
            form.refuse(refusal)
            status = 422
        else:
            messages.success(request, _("Documents carry these texts from now on."))
            return redirect(f"{request.path}?unit={unit.code}")
    context = {"form": form, "unit": unit, "units": units}
    return render(request, "committee/letterhead.html", context, status=status)


def _unit(code: str | None, today: date) -> Unit | None:
    """The unit of a code today. Raises Http404 for none."""
    if not code:
        return None
    try:
        return Unit.objects.by_code(code, today)
    except Unit.DoesNotExist:
        raise Http404(_("There is no unit with the code “%(read)s”.") % {"read": code}) from None


def _answer(
    request: HttpRequest,
    form: ReasonedForm,
    act: Callable[[dict], str],
    title: str,
    **context: object,
) -> HttpResponse:
    """Do what the form asks and go back to the list, or show the form with what is wrong."""
    if request.method == "POST" and form.is_valid():
        try:
            with transaction.atomic():
                said = act(dict(form.cleaned_data))
        except NotAllowed:
            raise
        except Refused as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, said)
            return redirect("committee:people")
    return render(request, "committee/person.html", {"form": form, "title": title, **context})


def _sent(request: HttpRequest) -> QueryDict | None:
    """What was sent, also when every field of it is empty; None for a form to be filled in."""
    return request.POST if request.method == "POST" else None


def _person(request: HttpRequest, today: date, username: str) -> User:
    """An account on the keeper's page. Raises Http404 for any other."""
    person = read.accounts_seen_by(request.user, today).filter(username=username).first()
    if person is None:
        raise Http404(_("There is no account “%(read)s” on your page.") % {"read": username})
    return person


def _seat(request: HttpRequest, today: date, pk: int) -> Membership:
    """A seat. Raises Http404 for none, NotAllowed for one out of reach."""
    held = Membership.objects.select_related("committee__unit", "user").filter(pk=pk).first()
    if held is None:
        raise Http404(_("There is no such seat."))
    require(request.user, Permission.SEAT_MEMBERS, held.committee.unit, today)
    return held
