"""REST: reports and their counts. The same actions and rights as everywhere."""

from datetime import date

import django_filters
from django.db.models import F, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from collection.actions.drafts import Typed, save_sheet
from collection.actions.sending import send_report, withdraw
from collection.addresses import report_of, reporting_unit
from collection.entry.sheets import sheet_of
from commitments.actions.reporting.submissions import DECISIONS
from commitments.actions.reporting.undoing import undo
from commitments.models import Count, State, Submission
from commitments.querysets import last_moves
from commitments.steps import steps
from districts.models import Unit
from districts.months import Month
from reports.api import MonthFilter
from reports.pages.scope import read_month
from steering.accounts.faults import Refused
from steering.accounts.programs.rest import ErrorsSerializer, PagesByKey, refusals_told
from steering.committee import access
from steering.committee.roles import Permission

from . import told
from .serializers import (
    ChangedSerializer,
    CountSerializer,
    DecisionSerializer,
    ReasonSerializer,
    ReceiptSerializer,
    SheetChangesSerializer,
    SheetSerializer,
    SubmissionSerializer,
    WholeSubmissionSerializer,
)

REFUSALS = dict.fromkeys((400, 403, 404, 422), ErrorsSerializer)


def _asked(month: str, unit_code: str) -> tuple[Month, Unit]:
    """The month and the reporting unit of an address."""
    at = read_month(month)
    return at, reporting_unit(unit_code, at)


# --- lists ---------------------------------------------------------------------------------------


class SubmissionFilter(django_filters.FilterSet):
    """Reports by month, unit and state."""

    month = MonthFilter()
    unit = django_filters.CharFilter("unit__code")
    state = django_filters.ChoiceFilter(choices=State)

    class Meta:
        model = Submission
        fields = ["month", "unit", "state"]


class _OfUnitsInSight(generics.ListAPIView):
    """Rows of the units whose history the reader may see."""

    def get_queryset(self) -> QuerySet:
        return access.visible(
            super().get_queryset(),
            self.request.user,
            timezone.localdate(),
            unit_field="unit",
            permission=Permission.SEE_HISTORY,
        )


class Submissions(_OfUnitsInSight):
    """Reports that the reader may see, the newest month first."""

    order = ("-month", "code", "pk")
    queryset = (
        Submission.objects.select_related("unit").annotate(code=F("unit__code")).order_by(*order)
    )
    pagination_class = PagesByKey
    serializer_class = SubmissionSerializer
    filterset_class = SubmissionFilter

    def list(self, request: Request, *args, **kwargs) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        last = last_moves(page)
        rows = [told.submission_told(report, last.get(report.pk, 0)) for report in page]
        return self.get_paginated_response(rows)


class CountFilter(django_filters.FilterSet):
    """Counts by month, unit and indicator."""

    month = MonthFilter()
    unit = django_filters.CharFilter("unit__code")
    indicator = django_filters.CharFilter("indicator__code")

    class Meta:
        model = Count
        fields = ["month", "unit", "indicator"]


class Counts(_OfUnitsInSight):
    """Numbers as last reported and as last approved. What is typed and not sent is not among it."""

    order = ("-month", "unit", "indicator")
    queryset = Count.objects.order_by(*order)
    pagination_class = PagesByKey
    serializer_class = CountSerializer
    filterset_class = CountFilter

    def list(self, request: Request, *args, **kwargs) -> Response:
        chosen = self.filter_queryset(self.get_queryset()).values_list(
            "month",
            "unit",
            "indicator",
            "unit__code",
            "indicator__code",
            "value",
            "approved",
            named=True,
        )
        rows = [
            {
                "month": str(row.month),
                "unit": row.unit__code,
                "indicator": row.indicator__code,
                "value": row.value,
                "approved": row.approved,
            }
            for row in self.paginate_queryset(chosen)
        ]
        return self.get_paginated_response(rows)


# --- one report ----------------------------------------------------------------------------------


class OneSubmission(APIView):
    """One report: state, due day, every step, receipts."""

    @extend_schema(responses={200: WholeSubmissionSerializer, **REFUSALS})
    def get(self, request: Request, month: str, unit_code: str) -> Response:
        """State, steps and receipts of a report; a report nobody has begun is a draft."""
        at, unit = _asked(month, unit_code)
        today = timezone.localdate()
        access.require(request.user, Permission.SEE_HISTORY, unit, today)
        return Response(_whole(request, at, unit))


def _whole(request: Request, month: Month, unit: Unit) -> dict:
    today = timezone.localdate()
    sheet = sheet_of(unit, month, today)
    report = sheet.submission
    allowed = steps(reports=[report], actor=request.user, on=today) if report else {}
    moves = list(report.moves.select_related("by")) if report else []
    last = max((move.pk for move in moves), default=0)
    return {
        **told.submission_told(report or Submission(unit=unit, month=month), last),
        "due_on": sheet.period.due_on,
        "closed": sheet.is_closed,
        "steps": list(allowed.get(report.pk, ())) if report else [],
        "moves": [told.move_told(move) for move in moves],
        "receipts": [told.receipt_told(r) for r in report.receipts.all()] if report else [],
    }


class SheetOfCounts(APIView):
    """The working sheet of a report: what is typed and not sent, before what is reported."""

    @extend_schema(responses={200: SheetSerializer, **REFUSALS})
    def get(self, request: Request, month: str, unit_code: str) -> Response:
        """Every cell with its version, last month, and what the rules find."""
        at, unit = _asked(month, unit_code)
        today = timezone.localdate()
        # What is typed and not sent is for those alone who may type it.
        access.require(request.user, Permission.REPORT_COUNTS, unit, today)
        return Response(told.sheet_told(sheet_of(unit, at, today)))

    @extend_schema(
        request=SheetChangesSerializer,
        responses={200: SheetSerializer, 409: SheetSerializer, **REFUSALS},
    )
    def patch(self, request: Request, month: str, unit_code: str) -> Response:
        """Save cells and answers. 409 where a cell was changed meanwhile: the others are saved.

        Whatever else is refused, nothing of it is saved.
        """
        at, unit = _asked(month, unit_code)
        asked = SheetChangesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        cells = [Typed(**cell) for cell in asked.validated_data["cells"]]
        answers = {row["rule"]: row["text"] for row in asked.validated_data["explanations"]}
        sheet, saved = save_sheet(
            unit=unit,
            month=at,
            cells=cells,
            explanations=answers,
            actor=request.user,
            on=timezone.localdate(),
            at=timezone.now(),
        )
        conflicting = any(cell.conflict for cell in saved)
        return Response(
            told.saved_told(sheet, saved),
            status=status.HTTP_409_CONFLICT if conflicting else status.HTTP_200_OK,
        )


class Send(APIView):
    """Handing a report in."""

    @extend_schema(request=ReasonSerializer, responses={201: ReceiptSerializer, **REFUSALS})
    def post(self, request: Request, month: str, unit_code: str) -> Response:
        """Turn the working sheet into the report; the answer is the receipt."""
        at, unit = _asked(month, unit_code)
        receipt = send_report(
            unit=unit,
            month=at,
            actor=request.user,
            on=timezone.localdate(),
            at=timezone.now(),
            why=_why(request),
        )
        return Response(told.receipt_told(receipt), status=status.HTTP_201_CREATED)


class Decide(APIView):
    """One step of a report: withdraw, verify, approve, return or undo."""

    @extend_schema(
        request=DecisionSerializer,
        responses={200: WholeSubmissionSerializer, 409: ChangedSerializer, **REFUSALS},
    )
    def post(self, request: Request, month: str, unit_code: str, verb: str) -> Response:
        """Make the step; the answer is the report as it then stands.

        To verify, approve and return, say with `seen` which step you saw last. 409 where another
        was made since: nothing is written, and `report` holds every step by now.
        """
        at, unit = _asked(month, unit_code)
        today = timezone.localdate()
        if verb == "withdraw":
            withdraw(unit=unit, month=at, actor=request.user, on=today)
        elif verb in DECISIONS or verb == "undo":
            access.require(request.user, Permission.SEE_HISTORY, unit, today)
            try:
                _step(request, verb, report_of(unit, at), today)
            except Refused as refused:
                answer = refusals_told(refused, {})
                if answer.status_code == status.HTTP_409_CONFLICT:
                    answer.data["report"] = _whole(request, at, unit)
                return answer
        else:
            raise Http404(_("A report knows no step “%(read)s”.") % {"read": verb})
        return Response(_whole(request, at, unit))


def _step(request: Request, verb: str, report: Submission, today: date) -> None:
    """Decide about the report as its reader saw it, or take the last decision back."""
    if verb == "undo":
        undo(submissions=[report], actor=request.user, on=today)
        return
    asked = DecisionSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    said = asked.validated_data
    seen = {report.pk: said["seen"]} if "seen" in said else {}
    why = {"why": said["why"]} if verb == "return" else {}
    DECISIONS[verb](submissions=[report], actor=request.user, on=today, seen=seen, **why)


def _why(request: Request) -> str:
    asked = ReasonSerializer(data=request.data)
    asked.is_valid(raise_exception=True)
    return asked.validated_data["why"]
