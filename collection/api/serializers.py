"""What the resources of collecting take and give, checked on the way in and described."""

from rest_framework import serializers

from collection.rules import TEXT_LENGTH
from commitments.rules import LONGEST_ANSWER, LONGEST_REASON
from steering.accounts.programs.rest import ErrorSerializer, ErrorsSerializer

_AT_MOST = "At most %s characters; what is longer is refused, never cut."


class TypedSerializer(serializers.Serializer):
    """A cell as somebody left it, with the version they saw when they began to type."""

    indicator = serializers.CharField(max_length=20)
    text = serializers.CharField(max_length=TEXT_LENGTH, allow_blank=True, trim_whitespace=False)
    version = serializers.CharField(max_length=60)
    copied = serializers.BooleanField(default=False)


class ExplainedSerializer(serializers.Serializer):
    """The answer to a rule that asks for one."""

    rule = serializers.CharField(max_length=60)
    text = serializers.CharField(allow_blank=True, help_text=_AT_MOST % LONGEST_ANSWER)


class SheetChangesSerializer(serializers.Serializer):
    """Cells and answers to save; what is left out stays as it is."""

    cells = TypedSerializer(many=True, default=list, max_length=200)
    explanations = ExplainedSerializer(many=True, default=list, max_length=200)


class ConflictSerializer(serializers.Serializer):
    """What stands in a cell that somebody else changed meanwhile."""

    text = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    version = serializers.CharField()


class CellSerializer(serializers.Serializer):
    """One cell of the working sheet. The value is null where the text is no number or blank."""

    indicator = serializers.CharField()
    text = serializers.CharField()
    value = serializers.IntegerField(allow_null=True)
    version = serializers.CharField()
    last = serializers.IntegerField(allow_null=True)
    last_year = serializers.IntegerField(allow_null=True)
    error = ErrorSerializer(allow_null=True)
    copied = serializers.BooleanField()
    conflict = ConflictSerializer(allow_null=True)


class FindingSerializer(serializers.Serializer):
    """What a rule finds, and the answer to it; an open one keeps the report from being sent."""

    rule = serializers.CharField()
    severity = serializers.CharField()
    indicator = serializers.CharField()
    message = serializers.CharField()
    explanation = serializers.CharField()
    open = serializers.BooleanField()


class SumSerializer(serializers.Serializer):
    """What some cells add up to."""

    indicator = serializers.CharField()
    parts = serializers.ListField(child=serializers.CharField())
    value = serializers.IntegerField(allow_null=True)
    complete = serializers.BooleanField()
    last = serializers.IntegerField(allow_null=True)


class SheetSerializer(serializers.Serializer):
    """The working sheet of a report."""

    cells = CellSerializer(many=True)
    findings = FindingSerializer(many=True)
    sums = SumSerializer(many=True)
    filled = serializers.IntegerField()
    all = serializers.IntegerField()
    saved_at = serializers.DateTimeField(allow_null=True)


class ReceiptSerializer(serializers.Serializer):
    """What somebody holds in hand after sending."""

    number = serializers.CharField()
    digest = serializers.CharField()
    at = serializers.DateTimeField()
    values = serializers.DictField(child=serializers.IntegerField())


class SubmissionSerializer(serializers.Serializer):
    """A report without its numbers."""

    unit = serializers.CharField()
    name = serializers.CharField()
    month = serializers.CharField()
    state = serializers.CharField()
    version = serializers.IntegerField()
    last_move = serializers.IntegerField(help_text="The last step made, 0 before the first.")
    sent_at = serializers.DateTimeField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)


class MoveSerializer(serializers.Serializer):
    """One step of a report, with its comment."""

    id = serializers.IntegerField()
    verb = serializers.CharField()
    before = serializers.CharField()
    after = serializers.CharField()
    at = serializers.DateTimeField()
    by = serializers.CharField(allow_null=True)
    why = serializers.CharField()


class WholeSubmissionSerializer(SubmissionSerializer):
    """A report with when it is due, every step, its receipts, and what the reader may do next."""

    due_on = serializers.DateField()
    closed = serializers.BooleanField()
    steps = serializers.ListField(child=serializers.CharField())
    moves = MoveSerializer(many=True)
    receipts = ReceiptSerializer(many=True)


class ReasonSerializer(serializers.Serializer):
    """Why a step is made; returning a report and correcting a closed month need it."""

    why = serializers.CharField(allow_blank=True, default="", help_text=_AT_MOST % LONGEST_REASON)


class DecisionSerializer(ReasonSerializer):
    """A step, and which step of the report was the last one that its maker saw."""

    seen = serializers.IntegerField(
        min_value=0,
        required=False,
        help_text="The `last_move` of the report as you saw it. Needed to verify, approve and "
        "return; read it before the counts you decide about.",
    )


class ChangedSerializer(ErrorsSerializer):
    """Nothing was written: the report went on after it was seen. ``report`` is how it stands."""

    report = WholeSubmissionSerializer()


class CountSerializer(serializers.Serializer):
    """One number of one report; null is blank and never zero."""

    month = serializers.CharField()
    unit = serializers.CharField()
    indicator = serializers.CharField()
    value = serializers.IntegerField(allow_null=True)
    approved = serializers.IntegerField(allow_null=True)
