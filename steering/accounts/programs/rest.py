"""What every REST resource shares: how refusals read, pages of lists, who is asking.

Every refusal, whoever raised it, is ``{"errors": [{"code", "field", "message", "read",
"expected"}]}``: it names the field and says what to do.
"""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import exceptions, serializers, status
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView, exception_handler

from ..faults import Fault, Refused
from ..paging import Turn, page_of

_STATUS = {
    "unseen": status.HTTP_400_BAD_REQUEST,
    "not_allowed": status.HTTP_403_FORBIDDEN,
    "changed_meanwhile": status.HTTP_409_CONFLICT,
}
"""The answer's status by the code of a fault; every other refusal is of what was sent."""


class ErrorSerializer(serializers.Serializer):
    """One reason for a refusal."""

    code = serializers.CharField()
    field = serializers.CharField(allow_null=True)
    message = serializers.CharField()
    read = serializers.CharField(allow_null=True)
    expected = serializers.CharField(allow_null=True)


class ErrorsSerializer(serializers.Serializer):
    """Every reason for a refusal; nothing was written."""

    errors = ErrorSerializer(many=True)


def error(
    code: str,
    message: str,
    *,
    field: str | None = None,
    read: Any = None,
    expected: str | None = None,
) -> dict[str, str | None]:
    """One error as every resource tells it."""
    read = None if read is None else str(read)
    return {"code": code, "field": field, "message": message, "read": read, "expected": expected}


def fault_told(fault: Fault, field: str | None = None) -> dict[str, str | None]:
    """A fault as an error; ``field`` is what it is about, where the resource knows."""
    return error(
        fault.code,
        fault.message,
        field=field or fault.column,
        read=fault.read,
        expected=fault.expected,
    )


def refusals_told(exception: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an exception of a resource; None for our own mistakes, which stay 500."""
    if isinstance(exception, Refused):
        found = {_STATUS[fault.code] for fault in exception.faults if fault.code in _STATUS}
        return Response(
            {"errors": [fault_told(fault) for fault in exception.faults]},
            status=min(found, default=status.HTTP_422_UNPROCESSABLE_ENTITY),
        )
    if isinstance(exception, PermissionDenied) and exception.args:
        reason = exception.args[0]
        if isinstance(reason, Refused):
            return refusals_told(reason, context)
    for kind, number in _DJANGO.items():
        if isinstance(exception, kind):
            return Response(plain_refusal(exception, number), status=number)
    response = exception_handler(exception, context)
    if response is not None:
        response.data = {"errors": list(_errors(exception))}
    return response


_DJANGO = {
    Http404: status.HTTP_404_NOT_FOUND,
    PermissionDenied: status.HTTP_403_FORBIDDEN,
    BadRequest: status.HTTP_400_BAD_REQUEST,
}


def plain_refusal(exception: Exception, number: int) -> dict[str, list]:
    """A refusal that ends in status ``number``, with the sentence somebody wrote into it."""
    code, message = {
        404: ("not_found", _("There is nothing at this address.")),
        403: ("not_allowed", _("This is not yours to do.")),
        400: ("bad_request", _("The request cannot be read.")),
    }[number]
    # Subclasses are Django's own and hold data, or words for developers.
    if type(exception) in _DJANGO and exception.args:
        message = str(exception.args[0])
    return {"errors": [error(code, message)]}


def _errors(exception: exceptions.APIException) -> Iterator[dict[str, str | None]]:
    """Every sentence of the framework's own refusals, with the field it is about."""

    def walk(detail: Any, path: str) -> Iterator[dict[str, str | None]]:
        if isinstance(detail, dict):
            for key, inner in detail.items():
                name = "" if key == "non_field_errors" else str(key)
                yield from walk(inner, f"{path}.{name}".strip("."))
        elif isinstance(detail, list):
            for index, inner in enumerate(detail):
                nested = isinstance(inner, dict | list)
                yield from walk(inner, f"{path}.{index}".strip(".") if nested else path)
        else:
            code = getattr(detail, "code", None) or exception.default_code
            yield error(code, str(detail), field=path or None)

    yield from walk(exception.detail, "")


class Pages(PageNumberPagination):
    """``?page=2&page_size=200``; 100 rows a page unless asked, 1,000 at most."""

    invalid_page_message = gettext_lazy("There is no page “{page_number}” of this list.")
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000


class PagesByKey(Pages):
    """``?after=KEY``, as ``next`` says: for lists without end, in the ``order`` of the view.

    A program that follows ``next`` reads every row once though rows come meanwhile, the last page
    as fast as the first. The first page tells ``count``; later ones tell null, for counting takes
    longer than reading. Pages by number are read as in other lists.
    """

    def paginate_queryset(
        self, queryset: QuerySet, request: Request, view: APIView | None = None
    ) -> list:
        self.request, self.shown = request, None
        if self.page_query_param in request.query_params:
            return super().paginate_queryset(queryset, request, view)
        turn, size = Turn.of(request.query_params), self.get_page_size(request)
        self.shown = page_of(queryset, turn, by=view.order, size=size)
        self.count = None if self.shown.before else queryset.count()
        return list(self.shown)

    def get_paginated_response(self, data: list) -> Response:
        if self.shown is None:
            return super().get_paginated_response(data)
        links = {
            "next": self._link("after", self.shown.after),
            "previous": self._link("before", self.shown.before),
        }
        return Response({"count": self.count, **links, "results": data})

    def _link(self, way: str, key: str) -> str | None:
        if not key:
            return None
        asked = self.request.query_params.copy()
        for name in ("after", "before"):
            asked.pop(name, None)
        asked[way] = key
        return self.request.build_absolute_uri(f"?{asked.urlencode()}")

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        told = super().get_paginated_response_schema(schema)
        told["properties"]["count"]["nullable"] = True
        return told

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        keys = [
            {"name": name, "required": False, "in": "query", "schema": {"type": "string"}}
            for name in ("after", "before")
        ]
        return [*super().get_schema_operation_parameters(view), *keys]


def describe_refusals(result: dict[str, Any], **_: object) -> dict[str, Any]:
    """The description of the API, with what every resource may answer besides its own answers."""
    told = {"application/json": {"schema": {"$ref": "#/components/schemas/Errors"}}}
    for path in result["paths"].values():
        for operation in path.values():
            for number, why in _ALWAYS.items():
                operation["responses"].setdefault(number, {"description": why, "content": told})
    return result


_ALWAYS = {
    "400": "The request cannot be read.",
    "401": "Nobody is signed in, or the token has expired.",
    "403": "This is not the reader's to do.",
    "404": "There is nothing at this address.",
    "429": "Too many requests; Retry-After says how long to wait.",
}
