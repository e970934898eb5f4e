"""REST: decisions to read and record, and the targets in force on a day."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import Http404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments.actions.targets.decisions import NewTarget, record_decision
from commitments.models import Authority, Decision, DocumentKind, Indicator, Operator
from districts.models import Unit
from districts.months import FIRST_YEAR, LAST_YEAR, Month
from reports.api import MonthText
from reports.documents.asking import unit_of_year
from reports.engine.asking import find_indicators, find_unit
from reports.pages.scope import home_unit, read_day
from steering.accounts.faults import Refused
from steering.accounts.programs.rest import ErrorsSerializer
from steering.committee.access import require
from steering.committee.roles import Permission

from .asking import Asked, as_dict, day_of
from .register import DecisionPage, decisions_for


class AssignedSerializer(serializers.Serializer):
    """What one unit is assigned for one indicator: percent of a rate, a number of a count."""

    unit = serializers.CharField()
    indicator = serializers.CharField()
    value = serializers.DecimalField(max_digits=20, decimal_places=4)
    operator = serializers.ChoiceField(Operator.choices, default=Operator.AT_LEAST)
    deadline = serializers.RegexField(r"^\d{4}-\d{2}$", required=False)


class RecordedDecisionSerializer(serializers.ModelSerializer):
    """A document that assigns targets, and what became of it."""

    unit = serializers.SlugRelatedField("code", read_only=True)
    changed_until = MonthText(allow_null=True, read_only=True)
    has_scan = serializers.SerializerMethodField()

    class Meta:
        model = Decision
        fields = [
            "id", "number", "kind", "authority", "unit", "year", "issued_on", "effective_on",
            "issuer", "signer_name", "signer_post", "amends", "replaces", "passes_on",
            "withdrawn_on", "withdrawal_reason", "reason", "changed_until", "note", "has_scan",
        ]  # fmt: skip
        read_only_fields = fields

    def get_has_scan(self, decision: Decision) -> bool:
        return bool(decision.scan)


class RecordedWithTargetsSerializer(RecordedDecisionSerializer):
    """A decision with the version of the plan it makes, and the targets of units within sight."""

    version = serializers.IntegerField()
    targets = AssignedSerializer(many=True)

    class Meta(RecordedDecisionSerializer.Meta):
        fields = [*RecordedDecisionSerializer.Meta.fields, "version", "targets"]
        read_only_fields = fields


class NewDecisionSerializer(serializers.Serializer):
    """A decision to record, with what it assigns. Units are those in force when it counts."""

    unit = serializers.CharField()
    number = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(DocumentKind.choices, required=False)
    authority = serializers.ChoiceField(Authority.choices)
    year = serializers.IntegerField(min_value=1990, max_value=2100)
    issued_on = serializers.DateField()
    effective_on = serializers.DateField(required=False)
    issuer = serializers.CharField(max_length=200, required=False)
    signer_name = serializers.CharField(max_length=120, required=False)
    signer_post = serializers.CharField(max_length=200, required=False)
    note = serializers.CharField(max_length=300, required=False)
    reason = serializers.CharField(max_length=300, required=False)
    amends = serializers.IntegerField(required=False)
    replaces = serializers.IntegerField(required=False)
    passes_on = serializers.IntegerField(required=False)
    targets = AssignedSerializer(many=True, required=False)


class DecisionFilter(django_filters.FilterSet):
    """Decisions by year, authority, type, code of the unit that assigns, and withdrawal."""

    unit = django_filters.CharFilter(field_name="unit__code")
    withdrawn = django_filters.BooleanFilter(
        field_name="withdrawn_on", lookup_expr="isnull", exclude=True
    )

    class Meta:
        model = Decision
        fields = ["year", "authority", "kind", "number"]


class Decisions(generics.ListAPIView):
    """Decisions that the reader sees, the newest first; or one more of them."""

    queryset = Decision.objects.none()
    serializer_class = RecordedDecisionSerializer
    filterset_class = DecisionFilter

    def get_queryset(self) -> QuerySet[Decision]:
        return decisions_for(self.request.user, timezone.localdate())

    @extend_schema(
        request=NewDecisionSerializer,
        responses={
            201: RecordedWithTargetsSerializer,
            403: ErrorsSerializer,
            422: ErrorsSerializer,
        },
    )
    def post(self, request: Request) -> Response:
        """Record a decision and what it assigns."""
        sent = NewDecisionSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        today, facts = timezone.localdate(), dict(sent.validated_data)
        day = facts.get("effective_on") or facts["issued_on"]
        assigned = facts.pop("targets", [])
        seen = decisions_for(request.user, today)
        for relation in ("amends", "replaces", "passes_on"):
            if relation in facts:
                facts[relation] = _found(seen, facts[relation], relation)
        facts["unit"] = find_unit(facts["unit"], day)
        decision = record_decision(
            **facts,
            targets=_targets(assigned, facts["year"], day),
            only_new=True,
            actor=request.user,
            on=today,
        ).decision
        return Response(told(decision, request, today), status=status.HTTP_201_CREATED)


def _found(seen: QuerySet[Decision], pk: int, field: str) -> Decision:
    found = seen.filter(pk=pk).first()
    if found is None:
        message = _("There is no decision %(read)s that you see.") % {"read": pk}
        raise Refused.because("unknown_decision", message, column=field, read=str(pk))
    return found


def _targets(assigned: list[Mapping[str, Any]], year: int, day: date) -> list[NewTarget]:
    codes = list(dict.fromkeys(one["indicator"] for one in assigned))
    known = {one.code: one for one in find_indicators(codes) or []} if codes else {}
    units = {code: find_unit(code, day) for code in {one["unit"] for one in assigned}}
    return [
        NewTarget(
            unit_id=units[one["unit"]].pk,
            indicator_id=known[one["indicator"]].pk,
            value=_scaled(one["value"], known[one["indicator"]]),
            deadline=Month.parse(one.get("deadline") or f"{year}-12"),
            operator=one["operator"],
        )
        for one in assigned
    ]


def _scaled(value: Decimal, indicator: Indicator) -> int:
    scaled = value * indicator.scale
    if scaled != int(scaled):
        message = _("%(indicator)s has %(decimals)d decimals; %(read)s has more.")
        details = {"indicator": indicator.code, "decimals": indicator.decimals, "read": value}
        raise Refused.because("fraction", message % details, column="value", read=str(value))
    return int(scaled)


def told(decision: Decision, request: Request, today: date) -> dict[str, Any]:
    """A decision as plain data with what it assigns to units the reader sees."""
    page = DecisionPage(decision, request.user, today)
    targets = [
        {
            "unit": row.unit.code,
            "indicator": target.indicator.code,
            "value": str(target.unscaled),
            "operator": target.operator,
            "deadline": str(target.deadline),
        }
        for row in page.rows
        for target in row.cells
        if target is not None
    ]
    return RecordedDecisionSerializer(decision).data | {"version": page.version, "targets": targets}


class OneDecision(APIView):
    """One decision with its targets."""

    @extend_schema(responses=RecordedWithTargetsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """A decision that the reader sees; any other is as if it did not exist."""
        today = timezone.localdate()
        seen = decisions_for(request.user, today)
        return Response(told(generics.get_object_or_404(seen, pk=pk), request, today))


class TargetSerializer(serializers.Serializer):
    """A target in force, as ``show_targets`` prints it."""

    unit = serializers.CharField()
    indicator = serializers.CharField()
    operator = serializers.ChoiceField(Operator.choices)
    value = serializers.FloatField()
    decision = serializers.CharField()
    effective_on = serializers.DateField()
    deadline = serializers.CharField()
    sum_of_children = serializers.FloatField(allow_null=True)
    difference = serializers.FloatField(allow_null=True)
    authority = serializers.ChoiceField(Authority.choices)
    version = serializers.IntegerField()


class TargetsSerializer(serializers.Serializer):
    """The targets of one unit and, if asked, of its direct children, on a day."""

    unit = serializers.CharField()
    year = serializers.IntegerField()
    on = serializers.DateField()
    targets = TargetSerializer(many=True)


class _AskedSerializer(serializers.Serializer):
    """What the address of targets asks for."""

    unit = serializers.CharField(required=False)
    year = serializers.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    on = serializers.CharField(required=False)
    authority = serializers.ChoiceField(Authority.choices, default=Authority.PPC)
    children = serializers.BooleanField(default=False)


class Targets(APIView):
    """The targets that every report measures against."""

    @extend_schema(
        parameters=[
            OpenApiParameter("unit", str, description="code; else the unit of the reader's seat"),
            OpenApiParameter("year", int, description="without it the present year"),
            OpenApiParameter("on", str, description="a day; else 31 December, or today until then"),
            OpenApiParameter("authority", str, enum=list(Authority.values)),
            OpenApiParameter("children", OpenApiTypes.BOOL, description="with the direct children"),
        ],
        responses={200: TargetsSerializer, 403: ErrorsSerializer, 422: ErrorsSerializer},
    )
    def get(self, request: Request) -> Response:
        """Targets in force on a day, with what the units below come to."""
        sent = _AskedSerializer(data=request.GET)
        sent.is_valid(raise_exception=True)
        today, asked = timezone.localdate(), sent.validated_data
        year, day = asked.get("year", today.year), asked.get("on")
        on = read_day(day) if day else None
        if code := asked.get("unit"):
            unit = _unit_named(code, year, on)
        else:
            unit = home_unit(request.user, Month.of(year, 12), today)
        require(request.user, Permission.SEE_FIGURES, unit, today)
        on = on or day_of(unit, year, today)
        found = Asked(unit, year, on, asked["authority"], asked["children"]).found
        answer = {"unit": unit.code, "year": year, "on": on.isoformat()}
        return Response(answer | {"targets": [as_dict(one) for one in found]})


def _unit_named(code: str, year: int, on: date | None) -> Unit:
    """The unit of a code in the year or on the day. Raises Http404, as for one out of reach."""
    try:
        return unit_of_year(code, year, on)
    except Refused as refusal:
        raise Http404(refusal.faults[0].message) from None


urlpatterns = [
    path("decisions/", Decisions.as_view(), name="decisions"),
    path("decisions/<int:pk>/", OneDecision.as_view(), name="decision"),
    path("targets/", Targets.as_view(), name="targets"),
]
