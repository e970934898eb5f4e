"""REST: the tokens that scripts sign in with. Made by a person who is signed in, shown once."""

from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from knox.models import AuthToken
from knox.settings import knox_settings
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from ..actions import write_journal
from ..faults import Refused
from ..models import User
from .rest import ErrorsSerializer

MOST_HOURS = 24 * 90
"""A token ends after three months at the latest; a script's keeper then makes another."""


class NewTokenSerializer(serializers.Serializer):
    """How long a new token is to hold."""

    hours = serializers.IntegerField(min_value=1, max_value=MOST_HOURS, default=10)


class TokenSerializer(serializers.Serializer):
    """A token without its secret, which nobody can read again."""

    key = serializers.CharField(source="token_key")
    created = serializers.DateTimeField()
    expiry = serializers.DateTimeField()


class MadeTokenSerializer(TokenSerializer):
    """A token with its secret, told once: ``Authorization: Token <secret>``."""

    token = serializers.CharField()


class BySession(IsAuthenticated):
    """Signed in on the site, with the second factor that takes; a token is not enough."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return super().has_permission(request, view) and request.auth is None


class Tokens(APIView):
    """One's own tokens. A token makes no other: that takes a session, with its second factor."""

    permission_classes = [BySession]
    throttle_scope = "tokens"

    @extend_schema(responses=TokenSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Tokens that still hold."""
        held = _held(request.user).order_by("-created")
        return Response(TokenSerializer(held, many=True).data)

    @extend_schema(
        request=NewTokenSerializer,
        responses={201: MadeTokenSerializer, 400: ErrorsSerializer, 422: ErrorsSerializer},
    )
    @transaction.atomic
    def post(self, request: Request) -> Response:
        """Make a token. Refused to whoever has as many as one may that still hold."""
        asked = NewTokenSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        _refuse_too_many(request.user)
        made, secret = AuthToken.objects.create(
            request.user, expiry=timedelta(hours=asked.validated_data["hours"])
        )
        write_journal(actor=request.user, action="token.made", subject=request.user)
        answer = {**TokenSerializer(made).data, "token": secret}
        return Response(answer, status=status.HTTP_201_CREATED)


def _held(user: User) -> QuerySet[AuthToken]:
    """The tokens of ``user`` that still hold."""
    return AuthToken.objects.filter(user=user, expiry__gt=timezone.now())


def _refuse_too_many(user: User) -> None:
    """Refuse one more token than an account may have; two requests at once are counted in turn."""
    User.objects.select_for_update().get(pk=user.pk)
    most, held = knox_settings.TOKEN_LIMIT_PER_USER, _held(user).count()
    if held >= most:
        message = _(
            "You have %(held)s tokens that still hold, and no account has more than %(most)s. End "
            "one that no script needs any more, then make another."
        )
        details = {"held": held, "most": most}
        raise Refused.because(
            "too_many_tokens", message % details, read=str(held), expected=f"< {most}"
        )


class Token(APIView):
    """One of one's own tokens."""

    permission_classes = [BySession]

    @extend_schema(responses={204: None, 404: ErrorsSerializer})
    @transaction.atomic
    def delete(self, request: Request, key: str) -> Response:
        """End a token at once."""
        ended, _kinds = AuthToken.objects.filter(user=request.user, token_key=key).delete()
        if not ended:
            raise Http404(_("You have no token “%(read)s”.") % {"read": key})
        write_journal(actor=request.user, action="token.ended", subject=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


urlpatterns = [
    path("tokens/", Tokens.as_view(), name="tokens"),
    path("tokens/<str:key>/", Token.as_view(), name="token"),
]
