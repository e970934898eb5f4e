"""REST: background work, to see how far it is."""

from django.db.models import QuerySet
from django.http import Http404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from steering.accounts.programs.rest import ErrorsSerializer

from .models import Job
from .views import readable


class JobSerializer(serializers.ModelSerializer):
    """One piece of work; ``total`` 0 says that the amount of work is not known."""

    state = serializers.CharField()
    file = serializers.SerializerMethodField()

    class Meta:
        model = Job
        fields = [
            "id", "kind", "label", "state", "step", "done", "total", "queued_at", "started_at",
            "heartbeat_at", "finished_at", "attempts", "result", "faults", "file",
            "cleared_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.CharField(allow_null=True))
    def get_file(self, job: Job) -> str | None:
        """The address of the file that came of it; null once it is no longer kept."""
        return reverse("jobs:file", args=[job.pk]) if job.has_file else None


class Jobs(generics.ListAPIView):
    """One's own background work, the newest first."""

    queryset = Job.objects.all()
    serializer_class = JobSerializer
    filterset_fields = ["state", "kind"]

    def get_queryset(self) -> QuerySet[Job]:
        return readable(self.request.user).order_by("-queued_at", "-id")


class OneJob(APIView):
    """One piece of background work."""

    @extend_schema(responses={200: JobSerializer, 404: ErrorsSerializer})
    def get(self, request: Request, job_id: int) -> Response:
        """How far it is, and what came of it."""
        found = readable(request.user).filter(pk=job_id).first()
        if found is None:
            raise Http404(_("You have no background work under this number."))
        return Response(JobSerializer(found).data)


urlpatterns = [
    path("jobs/", Jobs.as_view(), name="jobs"),
    path("jobs/<int:job_id>/", OneJob.as_view(), name="job"),
]
