"""Back office of committees and of who sits on them."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from districts.models import Unit
from districts.months import DayFormField
from steering.committee.actions import found_committee, seat_member, unseat_member
from steering.committee.backoffice import Acted, ActionForm, today
from steering.committee.filters import InForceFilter
from steering.committee.models import Committee, Membership
from steering.committee.roles import Permission


class FoundingForm(ActionForm):
    why = None
    name = forms.CharField(
        label=capfirst(_("name")),
        required=False,
        max_length=200,
        help_text=_("Empty: “Steering committee of” and the unit's name."),
    )

    class Meta:
        model = Committee
        fields = ["unit", "name", "notice"]

    def clean_unit(self) -> Unit:
        unit = self.cleaned_data["unit"]
        if known := Committee.objects.filter(unit=unit).first():
            raise ValidationError(
                _("%(unit)s has a committee: %(name)s.") % {"unit": unit, "name": known}
            )
        return unit

    def act(self) -> Committee:
        return found_committee(**self.cleaned_data, actor=self.actor, on=today())


@admin.register(Committee)
class CommitteeAdmin(Acted):
    """Committees below the user's seats. Founded here; afterwards only their members change."""

    form = FoundingForm
    keeps = Permission.SEAT_MEMBERS
    adds = True
    list_display = ["name", "unit", "members"]
    list_filter = ["unit__tier"]
    list_select_related = ["unit"]
    search_fields = ["name"]
    search_units = ("unit",)
    autocomplete_fields = ["unit"]

    def get_queryset(self, request):
        now = Membership.objects.in_force_on(today()).select_related("user")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("memberships", queryset=now, to_attr="seats_now"))
        )

    def get_fields(self, request, obj=None):
        return ["unit", "name", "notice"] if obj is None else ["unit", "name", "notice", "members"]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else ["unit", "name", "notice", "members"]

    @admin.display(description=_("members today"))
    def members(self, committee: Committee) -> str:
        seated = [(seat.user, seat.get_role_display()) for seat in committee.seats_now]
        return format_html_join("; ", "{} ({})", seated) or None


class SeatingForm(ActionForm):
    class Meta:
        model = Membership
        fields = ["committee", "user", "role", "since", "until"]

    def act(self) -> Membership:
        return seat_member(**self.cleaned_data, actor=self.actor, on=today())


class UnseatingForm(ActionForm):
    until = DayFormField(
        label=capfirst(_("until")),
        widget=admin.widgets.AdminDateWidget,
        help_text=_("The first day without the seat."),
    )

    class Meta:
        model = Membership
        fields = ["until"]

    def act(self) -> Membership:
        return unseat_member(seat=self.instance, **self.cleaned_data, actor=self.actor, on=today())


@admin.register(Membership)
class MembershipAdmin(Acted):
    """Seats, begun and ended by whoever seats members; never deleted."""

    unit_path = "committee__unit"
    keeps = Permission.SEAT_MEMBERS
    adds = changes = True
    list_display = ["user", "role", "committee", "since", "until"]
    list_filter = ["role", InForceFilter, "committee__unit__tier"]
    list_select_related = ["user", "committee"]
    date_hierarchy = "since"
    search_fields = ["user__username", "user__name"]
    search_units = ("committee__unit",)
    autocomplete_fields = ["committee", "user"]

    def get_form(self, request, obj=None, change=False, **kwargs):
        kwargs["form"] = UnseatingForm if change else SeatingForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_fields(self, request, obj=None):
        return ["committee", "user", "role", "since", "until", "why"]

    def get_readonly_fields(self, request, obj=None):
        return [] if obj is None else ["committee", "user", "role", "since"]
