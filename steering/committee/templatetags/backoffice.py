"""What the first page of the back office says about its reader."""

from django import template
from django.db.models import QuerySet

from steering.accounts.models import User
from steering.committee.backoffice import today
from steering.committee.models import Membership

register = template.Library()


@register.simple_tag
def seats_today(user: User) -> QuerySet[Membership]:
    """The seats ``user`` holds today: what explains what they see."""
    return user.memberships.in_force_on(today()).select_related("committee")
