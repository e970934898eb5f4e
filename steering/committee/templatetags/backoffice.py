"""What the pages of the back office say about their reader and about what the reader sees."""

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from districts.models import Ancestry, Unit
from steering.accounts.models import User
from steering.committee import access
from steering.committee.backoffice import today
from steering.committee.models import Committee, Membership

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
    seen = access.visible(Unit.objects.all(), user, today())
    seats = user.memberships.in_force_on(today()).values("committee__unit")
    above = Ancestry.objects.filter(descendant__in=seats)
    notices = Committee.objects.exclude(notice="").filter(
        Q(unit__in=seen.values("pk")) | Q(unit__in=above.values("ancestor"))
    )
    return list(dict.fromkeys(notices.values_list("notice", flat=True)))
