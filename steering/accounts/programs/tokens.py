"""Ending the tokens that scripts sign in with."""

from knox.models import AuthToken

from ..actions import write_journal
from ..actors import Actor
from ..models import User


def end_tokens(*, user: User, actor: Actor) -> int:
    """End every token of ``user`` at once; returns how many.

    With a new password or a second factor: whoever knew the old one may have made some.
    """
    ended, _kinds = AuthToken.objects.filter(user=user).delete()
    if ended:
        write_journal(actor=actor, action="token.ended", subject=user, after={"tokens": ended})
    return ended
