"""Back office of accounts, and the journal of what they did."""

from django.contrib import admin
from django.contrib.auth import admin as auth_admin
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from districts.models import Tier
from steering.accounts.actions import write_journal
from steering.accounts.models import JournalEntry, User
from steering.accounts.programs.tokens import end_tokens
from steering.committee import access, journal
from steering.committee.backoffice import Guarded, Journaled, holds, today
from steering.committee.models import Membership
from steering.committee.people import accounts_kept_by
from steering.committee.roles import Permission

# Rights come from seats alone; a group would promise what nobody keeps.
admin.site.unregister(Group)


@admin.register(User)
class UserAdmin(Journaled, auth_admin.UserAdmin):
    """Accounts, for whoever seats members: those seated below theirs, and those to be seated.

    Which, ``accounts_kept_by`` says: a password opens every seat an account has or will have.
    """

    sees = keeps = Permission.SEAT_MEMBERS
    adds = changes = True
    list_display = ["username", "name", "post", "seats", "is_active", "is_staff", "last_login"]
    list_filter = ["is_active", "is_staff", "memberships__role"]
    search_fields = ["username", "name", "post"]
    ordering = ["username"]
    filter_horizontal = ()
    readonly_fields = ["seats", "last_login", "date_joined"]
    fieldsets = [
        (None, {"fields": ["username", "password", "name", "post", "email", "phone"]}),
        (_("Rights"), {"fields": ["is_active", "is_staff", "seats"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"fields": ["username", "name", "post", "is_staff", "password1", "password2"]}),
    ]

    def within(self, request: HttpRequest, queryset: QuerySet, permission: Permission) -> QuerySet:
        if not holds(request, permission):
            return queryset.none()
        # Asked by itself: inside the filters of a list SQLite would meet more subqueries in each
        # other than it parses.
        kept = list(accounts_kept_by(request.user, today()).values_list("pk", flat=True))
        return queryset.filter(pk__in=kept)

    def get_queryset(self, request):
        now = Membership.objects.in_force_on(today()).select_related("committee")
        return (
            super()
            .get_queryset(request)
            .prefetch_related(Prefetch("memberships", queryset=now, to_attr="seats_now"))
        )

    @admin.display(description=_("seats today"))
    def seats(self, user: User) -> str:
        held = [(seat.get_role_display(), seat.committee.name) for seat in user.seats_now]
        return format_html_join("; ", "{}, {}", held) or None

    def user_change_password(self, request, id, form_url=""):
        with transaction.atomic():
            return super().user_change_password(request, id, form_url)

    def log_change(self, request, obj, message):
        """A new password is journaled here; Django's password page knows no other hook."""
        if request.resolver_match.url_name == "auth_user_password_change":
            write_journal(actor=request.user, action="user.password_set", subject=obj)
            end_tokens(user=obj, actor=request.user)


class ActionFilter(admin.SimpleListFilter):
    title = _("action")
    parameter_name = "done"

    def lookups(self, request, model_admin):
        return [*journal.ACTIONS.items(), *journal.KEPT.items()]

    def queryset(self, request, queryset):
        if (chosen := self.value()) in journal.KEPT:
            return queryset.filter(action__endswith=f".{chosen}")
        return queryset.filter(action=chosen) if chosen else queryset


@admin.register(JournalEntry)
class JournalEntryAdmin(Guarded):
    """The journal, for whoever sees the history of a whole province.

    They read what the members below them did, what they did themselves, and what the
    administrator did at the command line. Append-only in the database too.
    """

    sees = Permission.SEE_HISTORY
    list_display = ["at", "who", "done", "kind", "subject", "why"]
    list_filter = [ActionFilter]
    date_hierarchy = "at"
    search_fields = ["actor_name", "action", "subject", "why"]
    fields = readonly_fields = [
        "at", "who", "done", "kind", "subject", "changes", "why",
    ]  # fmt: skip

    def _holds(self, request, permission):
        return holds(request, permission, tier=Tier.PROVINCE)

    def within(self, request: HttpRequest, queryset: QuerySet, permission: Permission) -> QuerySet:
        if not self._holds(request, permission):
            return queryset.none()
        members = access.visible(
            Membership.objects.filter(user=OuterRef("actor")),
            request.user,
            today(),
            unit_field="committee__unit",
            permission=permission,
        )
        return queryset.filter(Q(actor__isnull=True) | Q(actor=request.user.pk) | Exists(members))

    @admin.display(description=_("actor"), ordering="actor_name")
    def who(self, entry: JournalEntry) -> str:
        return journal.actor_words(entry)

    @admin.display(description=_("action"), ordering="action")
    def done(self, entry: JournalEntry) -> str:
        return journal.action_words(entry)

    @admin.display(description=_("kind of subject"), ordering="subject_type")
    def kind(self, entry: JournalEntry) -> str:
        return journal.kind_words(entry)

    @admin.display(description=_("changes"))
    def changes(self, entry: JournalEntry) -> str:
        rows = format_html_join(
            "",
            "<tr><th>{}</th><td>{}</td><td>{}</td></tr>",
            (
                (label, "–" if before is None else before, "–" if after is None else after)
                for label, before, after in journal.changes(entry)
            ),
        )
        return rows and format_html(
            "<table><tr><th></th><th>{}</th><th>{}</th></tr>{}</table>",
            _("before"),
            _("after"),
            rows,
        )
