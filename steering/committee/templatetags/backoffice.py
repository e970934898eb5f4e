"""What the pages of the back office say about their reader and about what the reader sees."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import BigAutoField, DateField, Q, QuerySet

from districts.models import Ancestry
from districts.months import Month
from steering.accounts.models import User
from steering.accounts.prepared import Given, Prepared
from steering.committee import access
from steering.committee.backoffice import today
from steering.committee.models import Committee, Membership
from steering.committee.roles import Permission

register = template.Library()


@register.simple_tag
def seats_today(user: User) -> QuerySet[Membership]:
    """The seats ``user`` holds today: what explains what they see."""
    return user.memberships.in_force_on(today()).select_related("committee")


@register.simple_tag
def notices_for(user: User | AnonymousUser) -> list[str]:
    """What must be said beside the figures ``user`` sees, e.g. that they are illustrative.

    A notice stands for every unit below its committee's, so those from above count as well.
    """
    if not user.is_authenticated:
        return []
    day = today()
    rows = _NOTICES.ask(user=user.pk, day=day, month=Month.containing(day))
    return list(dict.fromkeys(notice for (notice,) in rows))


def _notices() -> QuerySet[Committee]:
    user, day = Given("user", BigAutoField()), Given("day", DateField())
    seats = Membership.objects.filter(user_id=user).in_force_on(day).values("committee__unit")
    above = Ancestry.objects.filter(descendant__in=seats)
    return (
        Committee.objects.exclude(notice="")
        .filter(
            Q(unit__in=access.prepared_reach(Permission.SEE_FIGURES))
            | Q(unit__in=above.values("ancestor"))
        )
        .values_list("notice")
    )


_NOTICES = Prepared(_notices)
