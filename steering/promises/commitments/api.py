"""REST: commitments to read, to prepare, and to verify by the code on a paper."""

import json

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments.actions.promises.papers import prepare_papers
from commitments.models import Commitment, CommitmentEvent, Indicator, Paper, PaperState
from districts.models import Unit
from districts.months import FIRST_YEAR, LAST_YEAR, Month
from reports.pages.scope import unit_called
from steering.accounts.programs.rest import ErrorsSerializer
from steering.committee import access
from steering.committee.models import Committee
from steering.committee.roles import Permission
from steering.promises.verification.views import VerifyThrottle, paper_of

from .register import results_before


class PaperLineSerializer(serializers.Serializer):
    """One promised figure; values are scaled by ``decimals``: 9610 with two is 96.10."""

    position = serializers.IntegerField()
    indicator = serializers.CharField()
    decimals = serializers.IntegerField()
    operator = serializers.CharField()
    last_year = serializers.IntegerField(allow_null=True)
    assigned = serializers.IntegerField(allow_null=True)
    committed = serializers.IntegerField()
    deadline = serializers.CharField()


class VerifiedSerializer(serializers.Serializer):
    """What a code shows to anybody: no names of persons, no results."""

    code = serializers.CharField()
    unit = serializers.CharField()
    year = serializers.IntegerField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(PaperState.choices)
    content_digest = serializers.CharField()
    prepared_on = serializers.DateField()
    signed_on = serializers.DateField(allow_null=True)
    lines = PaperLineSerializer(many=True)


class CommitmentSerializer(VerifiedSerializer):
    """A commitment, prepared or signed, as a member of a committee reads it."""

    id = serializers.IntegerField()
    committee = serializers.CharField()
    way = serializers.CharField(allow_blank=True)
    signer_name = serializers.CharField(allow_blank=True)
    signer_post = serializers.CharField(allow_blank=True)
    file_digest = serializers.CharField(allow_blank=True)


def verified(paper: Paper) -> dict:
    """A paper as plain data, as anybody may read it."""
    content = json.loads(paper.content)
    signed = getattr(paper, "commitment", None)
    names = PaperLineSerializer().fields
    return {
        "code": paper.code,
        "unit": content["unit"]["code"],
        "year": paper.year,
        "version": paper.version,
        "state": paper.state,
        "content_digest": paper.content_digest,
        "prepared_on": paper.prepared_on,
        "signed_on": signed and signed.signed_on,
        "lines": [{name: line[name] for name in names} for line in content["lines"]],
    }


def told(paper: Paper) -> dict:
    """A paper as plain data, with who signed it and how."""
    signed = getattr(paper, "commitment", None)
    facts = ("way", "signer_name", "signer_post", "file_digest")
    return {
        **verified(paper),
        "id": paper.pk,
        "committee": paper.committee.unit.code,
        **{fact: getattr(signed, fact) if signed else "" for fact in facts},
    }


def papers_seen(request: Request) -> QuerySet[Paper]:
    """The papers of units the reader may see, with their state."""
    papers = Paper.objects.with_state().select_related("commitment", "committee__unit", "unit")
    return access.visible(papers, request.user, timezone.localdate(), unit_field="unit")


class AskedSerializer(serializers.Serializer):
    """Which commitments: of a unit by its code, of a year, in a state."""

    unit = serializers.CharField(required=False)
    year = serializers.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)
    state = serializers.ChoiceField(PaperState.choices, required=False)


class _Plain(serializers.BaseSerializer):
    def to_representation(self, instance: Paper) -> dict:
        return CommitmentSerializer(told(instance)).data


@extend_schema_view(
    get=extend_schema(parameters=[AskedSerializer], responses=CommitmentSerializer(many=True))
)
class Commitments(generics.ListAPIView):
    """Commitments the reader may see, prepared and signed, by unit and year."""

    queryset = Paper.objects.none()
    serializer_class = _Plain
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Paper]:
        asked = AskedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        given = asked.validated_data
        fields = {"unit": "unit__code", "year": "year", "state": "state"}
        wanted = {fields[name]: value for name, value in given.items()}
        return papers_seen(self.request).filter(**wanted).order_by("year", "unit__code", "pk")


class CommitmentResource(APIView):
    """One commitment."""

    @extend_schema(responses=CommitmentSerializer)
    def get(self, request: Request, paper_id: int) -> Response:
        paper = get_object_or_404(papers_seen(request), pk=paper_id)
        return Response(CommitmentSerializer(told(paper)).data)


class RecordedSerializer(serializers.Serializer):
    """A commitment recorded as signed, without a paper. Values are scaled."""

    id = serializers.IntegerField()
    unit = serializers.CharField()
    committee = serializers.CharField()
    year = serializers.IntegerField()
    version = serializers.IntegerField()
    state = serializers.ChoiceField(CommitmentEvent.What.choices)
    signed_on = serializers.DateField()
    signer_name = serializers.CharField(allow_blank=True)
    signer_post = serializers.CharField(allow_blank=True)
    digest = serializers.CharField()
    lines = PaperLineSerializer(many=True)


class _Recorded(serializers.BaseSerializer):
    def to_representation(self, instance: Commitment) -> dict:
        facts = ("pk", "year", "version", "state", "signed_on", "signer_name", "signer_post")
        told = {name: getattr(instance, name) for name in (*facts, "digest")}
        told |= {"id": told.pop("pk"), "unit": instance.unit.code}
        told |= {"committee": instance.committee.unit.code}
        told["lines"] = [
            {
                "position": line.position,
                "indicator": line.indicator.code,
                "decimals": line.indicator.decimals,
                "operator": line.operator,
                "last_year": line.last_year,
                "assigned": line.assigned,
                "committed": line.value,
                "deadline": "",
            }
            for line in instance.lines.all()
        ]
        return RecordedSerializer(told).data


class RecordedAskedSerializer(serializers.Serializer):
    """Which recorded commitments: of a unit by its code, of a year."""

    unit = serializers.CharField(required=False)
    year = serializers.IntegerField(required=False, min_value=FIRST_YEAR, max_value=LAST_YEAR)


@extend_schema_view(
    get=extend_schema(parameters=[RecordedAskedSerializer], responses=RecordedSerializer(many=True))
)
class Recorded(generics.ListAPIView):
    """Commitments recorded as signed before there were papers, by unit and year."""

    queryset = Commitment.objects.none()
    serializer_class = _Recorded
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Commitment]:
        asked = RecordedAskedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        fields = {"unit": "unit__code", "year": "year"}
        wanted = {fields[name]: value for name, value in asked.validated_data.items()}
        found = Commitment.objects.filter(paper=None, **wanted).with_state()
        found = found.select_related("unit", "committee__unit").prefetch_related("lines__indicator")
        seen = access.visible(found, self.request.user, timezone.localdate(), unit_field="unit")
        return seen.order_by("year", "unit__code", "version")


class PromiseSerializer(serializers.Serializer):
    """What a unit promises beyond its target, scaled by the indicator's decimals."""

    unit = serializers.CharField()
    indicator = serializers.SlugRelatedField("code", queryset=Indicator.objects.all())
    value = serializers.IntegerField(min_value=0, max_value=10**15)


class PrepareSerializer(serializers.Serializer):
    """Which commitments to prepare: of a unit's committee for a year, for all units or some.

    ``committed`` says what is promised beyond targets; what was promised so before is kept.
    """

    unit = serializers.CharField()
    year = serializers.IntegerField(min_value=FIRST_YEAR, max_value=LAST_YEAR)
    units = serializers.ListField(child=serializers.CharField(), required=False)
    committed = PromiseSerializer(many=True, required=False)
    why = serializers.CharField(required=False, allow_blank=True, max_length=300)


class PreparedSerializer(serializers.Serializer):
    """What preparing did, with units whose paper says the same or who have no target."""

    prepared = CommitmentSerializer(many=True)
    unchanged = serializers.ListField(child=serializers.CharField())
    without_targets = serializers.ListField(child=serializers.CharField())


class Prepare(APIView):
    """Prepare the commitments of a year in one step."""

    @extend_schema(
        request=PrepareSerializer, responses={201: PreparedSerializer, 422: ErrorsSerializer}
    )
    def post(self, request: Request) -> Response:
        asked = PrepareSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given, today = asked.validated_data, timezone.localdate()
        month = Month.containing(today)
        committee = Committee.objects.filter(unit=unit_called(given["unit"], month)).first()
        if committee is None:
            raise Http404(_("%(unit)s has no committee.") % {"unit": given["unit"]})
        access.require(request.user, Permission.RECORD_COMMITMENTS, committee.unit, today)
        below = list(Unit.objects.children_of(committee.unit, month))
        codes, promises = given.get("units"), given.get("committed", ())
        named = {*(codes or ()), *(promise["unit"] for promise in promises)}
        if unknown := sorted(named - {unit.code for unit in below}):
            message = _("%(units)s do not sign with this committee.")
            raise serializers.ValidationError({"units": message % {"units": ", ".join(unknown)}})
        chosen = below if codes is None else [unit for unit in below if unit.code in codes]
        pks = {unit.code: unit.pk for unit in below}
        done = prepare_papers(
            committee=committee,
            year=given["year"],
            units=chosen,
            results=results_before(chosen, given["year"]),
            committed={(pks[one["unit"]], one["indicator"].pk): one["value"] for one in promises},
            why=given.get("why", ""),
            actor=request.user,
            on=today,
        )
        papers = papers_seen(request).filter(pk__in=[paper.pk for paper in done.papers])
        papers = papers.order_by("unit__code", "pk")
        answer = {
            "prepared": [told(paper) for paper in papers],
            "unchanged": [unit.code for unit in done.unchanged],
            "without_targets": [unit.code for unit in done.without_targets],
        }
        return Response(PreparedSerializer(answer).data, status=status.HTTP_201_CREATED)


class Verify(APIView):
    """What a code shows, to anybody; unknown, malformed and withdrawn codes answer the same."""

    permission_classes = (AllowAny,)
    authentication_classes = ()
    throttle_classes = (VerifyThrottle,)

    @extend_schema(responses=VerifiedSerializer)
    def get(self, request: Request, code: str) -> Response:
        paper = paper_of(code)
        if paper is None:
            raise Http404(
                _("No commitment has this code. Compare it with the paper, sign by sign.")
            )
        return Response(
            VerifiedSerializer(verified(paper)).data, headers={"X-Robots-Tag": "noindex"}
        )


urlpatterns = [
    path("commitments/", Commitments.as_view(), name="commitments"),
    path("commitments/recorded/", Recorded.as_view(), name="recorded_commitments"),
    path("commitments/prepare/", Prepare.as_view(), name="prepare"),
    path("commitments/<int:paper_id>/", CommitmentResource.as_view(), name="commitment"),
    path("commitments/verify/<str:code>/", Verify.as_view(), name="verify"),
]
