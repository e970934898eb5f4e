"""REST: units, indicators, periods and figures, to read. The same rights as everywhere."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import path
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments.models import Authority, Indicator, Operator, Period
from districts.models import Ancestry, Tier, Unit
from districts.months import DayFormField, Month
from districts.versions import state_of
from steering.accounts.faults import Refused
from steering.accounts.programs.rest import ErrorsSerializer
from steering.committee import access
from steering.committee.sight import sight_of

from .engine.asking import (
    find_indicators,
    unknown_unit,
)
from .engine.figures import NotOnThisMap
from .pages.scope import scope_of
from .ready.reading import figures_for
from .unchanged import is_held, marked, not_modified, tag_of
from .wording.plain import as_dict


class MonthFilter(django_filters.CharFilter):
    """``?month=2023-12``."""

    def filter(self, queryset: QuerySet, value: str) -> QuerySet:
        if not value:
            return queryset
        try:
            month = Month.parse(value)
        except ValueError:
            message = _("“%(read)s” is not a month; write it like 2023-12.") % {"read": value}
            raise serializers.ValidationError({self.field_name: message}) from None
        return super().filter(queryset, month)


class DayFilter(django_filters.DateFilter):
    """``?in_force_on=2025-07-01``."""

    field_class = DayFormField


class MonthText(serializers.CharField):
    """A month as text: 2023-12."""

    def to_representation(self, value: int) -> str:
        return str(Month(value))


# --- units ---------------------------------------------------------------------------------------


class UnitSerializer(serializers.ModelSerializer):
    """An administrative unit in one period of validity; the code alone identifies nothing."""

    class Meta:
        model = Unit
        fields = [
            "id", "code", "tier", "kind", "name", "full_name", "reports_at", "established_on",
            "abolished_on",
        ]  # fmt: skip


class UnitFilter(django_filters.FilterSet):
    """Units by code, tier, name without accents, and day on which they are in force."""

    in_force_on = DayFilter(method="on_day")
    search = django_filters.CharFilter(method="by_name")
    tier = django_filters.ChoiceFilter(choices=Tier)

    class Meta:
        model = Unit
        fields = ["code", "tier"]

    def on_day(self, queryset, _name, value):
        return queryset.in_force_on(value).called_in(Month.containing(value))

    def by_name(self, queryset, _name, value):
        return queryset.matching(value)


@extend_schema_view(get=extend_schema(responses=UnitSerializer(many=True)))
class Units(generics.ListAPIView):
    """Units that the reader may see, of every time, in the order of their names."""

    queryset = Unit.objects.exclude(established_on=None)
    serializer_class = UnitSerializer
    filterset_class = UnitFilter

    def get_queryset(self) -> QuerySet[Unit]:
        return access.visible(super().get_queryset(), self.request.user, timezone.localdate())


# --- indicators ----------------------------------------------------------------------------------


class IndicatorSerializer(serializers.ModelSerializer):
    """What is counted or computed. Ratios name what is divided by what."""

    numerator = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    denominator = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    parts = serializers.SlugRelatedField("code", many=True, read_only=True)

    class Meta:
        model = Indicator
        fields = [
            "code", "name_vi", "name_en", "group", "kind", "unit_of_measure", "decimals",
            "direction", "entered_at", "frequency", "numerator", "denominator", "parts", "maximum",
            "main", "legal_basis",
        ]  # fmt: skip


class Indicators(generics.ListAPIView):
    """The whole catalogue, in its order."""

    queryset = Indicator.objects.select_related("numerator", "denominator").prefetch_related(
        "parts"
    )
    serializer_class = IndicatorSerializer
    filterset_fields = ["code", "group", "kind", "entered_at", "main"]


# --- periods -------------------------------------------------------------------------------------


class PeriodSerializer(serializers.ModelSerializer):
    """One reporting month of one province: what it covers, when it is due, whether it is closed."""

    unit = serializers.SlugRelatedField("code", read_only=True)
    month = MonthText()

    class Meta:
        model = Period
        fields = ["unit", "month", "data_from", "data_to", "due_on", "closes_on", "closed_at"]


class PeriodFilter(django_filters.FilterSet):
    """Periods by month, province, and whether they are closed."""

    month = MonthFilter()
    unit = django_filters.CharFilter("unit__code")
    closed = django_filters.BooleanFilter("closed_at", lookup_expr="isnull", exclude=True)

    class Meta:
        model = Period
        fields = ["month", "unit", "closed"]


class Periods(generics.ListAPIView):
    """Reporting months of the provinces above what the reader may see, the newest first."""

    queryset = Period.objects.select_related("unit")
    serializer_class = PeriodSerializer
    filterset_class = PeriodFilter

    def get_queryset(self) -> QuerySet[Period]:
        seen = access.visible(Unit.objects.all(), self.request.user, timezone.localdate())
        above = Ancestry.objects.filter(descendant__in=seen.values("pk"))
        return super().get_queryset().filter(unit__in=above.values("ancestor"))


# --- figures -------------------------------------------------------------------------------------


class CoverageSerializer(serializers.Serializer):
    """Of how many reporting units numbers are approved, and of how many they are expected."""

    approved = serializers.IntegerField()
    expected = serializers.IntegerField()


class FigureSerializer(serializers.Serializer):
    """One indicator of one unit in one month, as every page and sheet shows it.

    Counts are integers, ratios percent. Null is blank, never zero.
    """

    unit = serializers.CharField()
    name = serializers.CharField()
    indicator = serializers.CharField()
    value = serializers.FloatField(allow_null=True)
    year_to_date = serializers.IntegerField(allow_null=True)
    reported_value = serializers.FloatField(allow_null=True)
    target = serializers.FloatField(allow_null=True)
    operator = serializers.ChoiceField(Operator.choices, allow_null=True)
    deadline = serializers.CharField(allow_null=True)
    decision = serializers.CharField(allow_null=True)
    authority = serializers.CharField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    plan_to_date = serializers.FloatField(allow_null=True)
    percent_of_target = serializers.FloatField(allow_null=True)
    points_to_target = serializers.FloatField(allow_null=True)
    percent_to_date = serializers.FloatField(allow_null=True)
    last_year = serializers.FloatField(allow_null=True)
    last_year_to_date = serializers.IntegerField(allow_null=True)
    last_year_coverage = CoverageSerializer()
    change = serializers.FloatField(allow_null=True)
    rank = serializers.IntegerField(allow_null=True)
    ranked = serializers.IntegerField(allow_null=True)
    status = serializers.CharField()
    approved = serializers.IntegerField()
    reported = serializers.IntegerField()
    expected = serializers.IntegerField()
    provisional = serializers.BooleanField()
    estimated = serializers.BooleanField()
    numerator = serializers.IntegerField(allow_null=True, required=False)
    denominator = serializers.IntegerField(allow_null=True, required=False)
    denominator_source = serializers.CharField(allow_null=True, required=False)


class FiguresSerializer(serializers.Serializer):
    """Figures of one unit and, if asked, of its direct children."""

    unit = serializers.CharField()
    month = serializers.CharField()
    map = serializers.CharField(allow_null=True)
    authority = serializers.CharField()
    figures = FigureSerializer(many=True)


_ASKED = [
    OpenApiParameter("unit", str, description="code; without it the unit of the reader's seat"),
    OpenApiParameter("month", str, description="2023-12; without it the latest complete month"),
    OpenApiParameter("indicator", str, many=True, description="codes; without it all"),
    OpenApiParameter("children", OpenApiTypes.BOOL, description="with the direct children"),
    OpenApiParameter("map", str, description="a day or “today”; without it as it was"),
    OpenApiParameter("authority", str, enum=list(Authority.values)),
]


class Figures(APIView):
    """The figures that pages, workbook and documents show."""

    @extend_schema(
        parameters=_ASKED,
        responses={
            200: FiguresSerializer,
            400: ErrorsSerializer,
            403: ErrorsSerializer,
            422: ErrorsSerializer,
        },
    )
    def get(self, request: Request) -> Response:
        """Figures of a unit in a month; 304 to whoever sends their ``ETag`` and has them still."""
        today = timezone.localdate()
        scope = scope_of(request, today=today)
        # Read before the figures; which unit and month were meant was read before that.
        state = state_of(scope.unit.pk)
        meant = (request.get_full_path(), scope.unit.pk, int(scope.month), get_language())
        tag = tag_of(request, "figures", *meant, sight_of(request.user, today).rights, state)
        if is_held(request, tag):
            return not_modified(tag)
        if not scope.in_force:
            raise unknown_unit(scope.unit.code, scope.on_map or scope.month.first_day)
        try:
            figures = figures_for(
                unit=scope.unit,
                month=scope.month,
                indicators=find_indicators(request.GET.getlist("indicator") or None),
                children=request.GET.get("children", "").lower() in ("1", "true", "yes"),
                **scope.asked,
            )
        except NotOnThisMap as error:
            raise Refused.because("not_on_this_map", str(error), column="map") from None
        answer: dict[str, Any] = {
            "unit": scope.unit.code,
            "month": str(scope.month),
            "map": scope.on_map and scope.on_map.isoformat(),
            "authority": scope.authority,
            "figures": [as_dict(figure) for figure in figures],
        }
        return marked(Response(answer), tag)


urlpatterns = [
    path("units/", Units.as_view(), name="units"),
    path("indicators/", Indicators.as_view(), name="indicators"),
    path("periods/", Periods.as_view(), name="periods"),
    path("figures/", Figures.as_view(), name="figures"),
]
