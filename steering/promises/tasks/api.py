"""REST: tasks to read, to give and to finish."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from commitments.actions.promises.tasks import NewTask, finish_task, give_tasks
from commitments.models import Task
from districts.months import Month
from reports.pages.scope import unit_called
from steering.accounts.programs.rest import ErrorsSerializer

from .board import STATES, chosen, decisions_seen, tasks_seen


class TaskSerializer(serializers.ModelSerializer):
    """One task: what, of which unit, by when, where it comes from."""

    unit = serializers.CharField(source="unit.code", read_only=True)
    decision = serializers.CharField(source="decision.number", read_only=True, default=None)
    overdue = serializers.SerializerMethodField()

    class Meta:
        model = Task
        fields = [
            "id", "unit", "title", "responsible", "due_on", "state", "overdue", "since",
            "source_kind", "decision", "source",
        ]  # fmt: skip

    def get_overdue(self, task: Task) -> bool:
        return task.is_overdue(timezone.localdate())


class AskedSerializer(serializers.Serializer):
    """Which tasks: in a state (open unless said), of a unit by its code, from a source."""

    state = serializers.ChoiceField(STATES, required=False)
    unit = serializers.CharField(required=False)
    source = serializers.ChoiceField(Task.Source.choices, required=False)


class GiveSerializer(serializers.Serializer):
    """A task for some units, by their codes; ``decision`` is the key of a recorded decision."""

    title = serializers.CharField(max_length=300)
    units = serializers.ListField(child=serializers.CharField(), min_length=1, max_length=500)
    due_on = serializers.DateField()
    responsible = serializers.CharField(required=False, max_length=200, allow_blank=True)
    decision = serializers.IntegerField(required=False)
    source_kind = serializers.ChoiceField(Task.Source.choices, required=False)
    source = serializers.CharField(required=False, max_length=300, allow_blank=True)


@extend_schema_view(
    get=extend_schema(parameters=[AskedSerializer], responses=TaskSerializer(many=True)),
    post=extend_schema(
        request=GiveSerializer, responses={201: TaskSerializer(many=True), 422: ErrorsSerializer}
    ),
)
class Tasks(generics.ListAPIView):
    """Tasks the reader may see, the soonest due first; and giving some."""

    queryset = Task.objects.none()
    serializer_class = TaskSerializer
    filter_backends = ()

    def get_queryset(self) -> QuerySet[Task]:
        asked = AskedSerializer(data=self.request.query_params)
        asked.is_valid(raise_exception=True)
        today = timezone.localdate()
        return chosen(tasks_seen(self.request.user, today), asked.validated_data, today)

    def post(self, request: Request) -> Response:
        asked = GiveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(asked.validated_data)
        today = timezone.localdate()
        month = Month.containing(today)
        units = [unit_called(code, month) for code in dict.fromkeys(given.pop("units"))]
        if "decision" in given:
            seen = decisions_seen(request.user, today)
            given["decision"] = get_object_or_404(seen, pk=given["decision"])
        made = give_tasks(units=units, new=NewTask(**given), actor=request.user, on=today)
        return Response(TaskSerializer(made, many=True).data, status=status.HTTP_201_CREATED)


class TaskResource(APIView):
    """One task."""

    @extend_schema(responses=TaskSerializer)
    def get(self, request: Request, task_id: int) -> Response:
        seen = tasks_seen(request.user, timezone.localdate())
        return Response(TaskSerializer(get_object_or_404(seen, pk=task_id)).data)


class DoneSerializer(serializers.Serializer):
    """What was done, in words."""

    why = serializers.CharField(required=False, max_length=300, allow_blank=True)


class Done(APIView):
    """Say that a task is done."""

    @extend_schema(request=DoneSerializer, responses={200: TaskSerializer, 422: ErrorsSerializer})
    def post(self, request: Request, task_id: int) -> Response:
        today = timezone.localdate()
        task = get_object_or_404(tasks_seen(request.user, today), pk=task_id)
        said = DoneSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        why = said.validated_data.get("why", "")
        done = finish_task(task=task, why=why, actor=request.user, on=today)
        return Response(TaskSerializer(done).data)


urlpatterns = [
    path("tasks/", Tasks.as_view(), name="tasks"),
    path("tasks/<int:task_id>/", TaskResource.as_view(), name="task"),
    path("tasks/<int:task_id>/done/", Done.as_view(), name="done"),
]
