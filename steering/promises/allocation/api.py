"""REST resources: how a target is divided over the units below."""

import django_filters
from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments.actions.targets.allocating import Typed, apply_method, save_portions
from commitments.actions.targets.assigning import assign_allocation
from commitments.allocation.places import Place
from commitments.models import Allocation
from steering.accounts.programs.rest import ErrorsSerializer
from steering.committee import access
from steering.committee.roles import Permission

from .asking import place_asked
from .forms import read_issue_day
from .ground import measures_of
from .serializers import (
    AllocationSerializer,
    AppliedSerializer,
    AssignSerializer,
    ListedAllocationSerializer,
    MethodSerializer,
    PortionsSerializer,
    SavedPortionsSerializer,
)
from .table import table_of
from .told import outcome_told, table_told
from .wording import applied_words

REFUSALS = dict.fromkeys((400, 403, 404, 409, 422), ErrorsSerializer)
UNIT = OpenApiParameter(
    "unit", str, description="Code of the district that divides what it got; else the decision's."
)


def _place(request: Request, decision_id: int, indicator_code: str) -> Place:
    """The target of an address, for a reader who may see it."""
    return place_asked(
        decision_id,
        indicator_code,
        request.query_params.get("unit"),
        request.user,
        timezone.localdate(),
    )


def _divided(request: Request, decision_id: int, indicator_code: str) -> Place:
    """The same, for somebody who may divide it: that is asked before what was sent is read."""
    place = _place(request, decision_id, indicator_code)
    access.require(request.user, Permission.ALLOCATE_TARGETS, place.unit, timezone.localdate())
    return place


def _told(request: Request, place: Place) -> dict:
    fresh = Place(place.decision, place.unit, place.indicator)
    today = timezone.localdate()
    return table_told(table_of(fresh, request.user, today, last_targets=True))


class AllocationFilter(django_filters.FilterSet):
    """Tables by decision, unit and indicator."""

    decision = django_filters.NumberFilter("decision_id")
    unit = django_filters.CharFilter("unit__code")
    indicator = django_filters.CharFilter("indicator__code")

    class Meta:
        model = Allocation
        fields = ["decision", "unit", "indicator"]


class Allocations(generics.ListAPIView):
    """Tables that somebody began, of the units the reader may see, the newest decision first."""

    queryset = Allocation.objects.select_related(
        "decision", "unit", "indicator", "assigned_by"
    ).order_by("-decision__year", "-decision_id", "unit__code", "indicator__position", "pk")
    serializer_class = ListedAllocationSerializer
    filterset_class = AllocationFilter

    def get_queryset(self) -> QuerySet:
        return access.visible(
            super().get_queryset(), self.request.user, timezone.localdate(), unit_field="unit"
        )

    def list(self, request: Request, *args, **kwargs) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        rows = [
            {
                "decision_id": one.decision_id,
                "decision": one.decision.number,
                "unit": one.unit.code,
                "indicator": one.indicator.code,
                "method": one.method,
                "version": one.version,
                "assigned_by": one.assigned_by.number if one.assigned_by else None,
                "assigned_at": one.assigned_at,
            }
            for one in page
        ]
        return self.get_paginated_response(rows)


class OneAllocation(APIView):
    """The table that divides one target; one that nobody began is blank."""

    @extend_schema(parameters=[UNIT], responses={200: AllocationSerializer, **REFUSALS})
    def get(self, request: Request, decision_id: int, indicator_code: str) -> Response:
        """Every unit with its part, people, last year's result, and what is unusual."""
        return Response(_told(request, _place(request, decision_id, indicator_code)))

    @extend_schema(
        parameters=[UNIT],
        request=PortionsSerializer,
        responses={200: SavedPortionsSerializer, **REFUSALS, 409: SavedPortionsSerializer},
    )
    def patch(self, request: Request, decision_id: int, indicator_code: str) -> Response:
        """Save cells. 409 where somebody else changed one meanwhile: the others are saved."""
        place = _divided(request, decision_id, indicator_code)
        asked = PortionsSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        outcome = save_portions(
            place=place,
            cells=[Typed(**cell) for cell in asked.validated_data["cells"]],
            actor=request.user,
            on=timezone.localdate(),
        )
        conflicting = any(cell.conflict for cell in outcome.saved)
        told = {
            "version": outcome.version,
            "saved_at": timezone.now(),
            "cells": outcome_told(outcome, place),
        }
        return Response(told, status=409 if conflicting else 200)


class DivideAllocation(APIView):
    """Divide by a method, or fill what is left over."""

    @extend_schema(
        parameters=[UNIT],
        request=MethodSerializer,
        responses={200: AppliedSerializer, **REFUSALS},
    )
    def post(self, request: Request, decision_id: int, indicator_code: str) -> Response:
        """Locked units keep what they have. 409 where others changed the table meanwhile."""
        place = _divided(request, decision_id, indicator_code)
        asked = MethodSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        applied = apply_method(
            place=place,
            method=asked.validated_data["method"],
            known=measures_of(place).known,
            seen=asked.validated_data["version"],
            actor=request.user,
            on=timezone.localdate(),
        )
        told = {
            "changed": applied.changed,
            "left_out": applied.left_out,
            "message": applied_words(applied, place),
            "table": _told(request, place),
        }
        return Response(told)


class AssignAllocation(APIView):
    """Make the parts targets of the decision, or of one of the district's own."""

    @extend_schema(
        parameters=[UNIT],
        request=AssignSerializer,
        responses={200: AllocationSerializer, **REFUSALS},
    )
    def post(self, request: Request, decision_id: int, indicator_code: str) -> Response:
        """Every unit needs a number; what does not come to the target needs a reason."""
        place = _divided(request, decision_id, indicator_code)
        asked = AssignSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        sent = asked.validated_data
        assign_allocation(
            place=place,
            known=measures_of(place).known,
            seen=sent["version"],
            actor=request.user,
            on=timezone.localdate(),
            at=timezone.now(),
            number=sent["number"],
            issued_on=read_issue_day(sent["issued_on"]),
            reason=sent["reason"],
        )
        return Response(_told(request, place))


_ONE = "allocations/<int:decision_id>/<str:indicator_code>/"

urlpatterns = [
    path("allocations/", Allocations.as_view(), name="allocations"),
    path(_ONE, OneAllocation.as_view(), name="allocation"),
    path(f"{_ONE}divide/", DivideAllocation.as_view(), name="allocation_divide"),
    path(f"{_ONE}assign/", AssignAllocation.as_view(), name="allocation_assign"),
]
