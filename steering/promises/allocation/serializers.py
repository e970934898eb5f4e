"""What the resources of dividing take and give, checked on the way in and described."""

from rest_framework import serializers

from commitments.models import Allocation
from commitments.rules import LONGEST_REASON
from steering.accounts.programs.rest import ErrorSerializer

from .forms import FILL

TEXT_LENGTH = 40


class TypedPortionSerializer(serializers.Serializer):
    """A cell as somebody left it, with the version they saw when they began to type.

    What is left out, text or lock, stays as it is.
    """

    unit = serializers.CharField(max_length=5)
    text = serializers.CharField(
        max_length=TEXT_LENGTH, allow_blank=True, required=False, default=None
    )
    seen = serializers.CharField(max_length=20, default="-")
    locked = serializers.BooleanField(required=False, default=None, allow_null=True)


class PortionsSerializer(serializers.Serializer):
    """Cells to save; the others stay as they are."""

    cells = TypedPortionSerializer(many=True, max_length=1000)


class PortionConflictSerializer(serializers.Serializer):
    """What somebody else put into a cell meanwhile, by whom and when."""

    text = serializers.CharField()
    by = serializers.CharField()
    at = serializers.DateTimeField()
    version = serializers.CharField()


class SavedPortionSerializer(serializers.Serializer):
    """What stands in a cell now, and why what was typed was kept back if it was."""

    unit = serializers.CharField()
    text = serializers.CharField()
    value = serializers.IntegerField(allow_null=True)
    version = serializers.CharField()
    locked = serializers.BooleanField()
    error = ErrorSerializer(allow_null=True)
    conflict = PortionConflictSerializer(allow_null=True)


class SavedPortionsSerializer(serializers.Serializer):
    """The table's version after saving, and every cell that was sent."""

    version = serializers.IntegerField()
    saved_at = serializers.DateTimeField()
    cells = SavedPortionSerializer(many=True)


class CautionSerializer(serializers.Serializer):
    """What is unusual about a part; one that blocks keeps the table from being assigned."""

    code = serializers.CharField()
    blocks = serializers.BooleanField()
    message = serializers.CharField()


class PortionSerializer(serializers.Serializer):
    """One unit of the table. Values are scaled by the indicator's decimals; null is blank."""

    unit = serializers.CharField()
    name = serializers.CharField()
    value = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    version = serializers.CharField()
    locked = serializers.BooleanField()
    assigned = serializers.BooleanField()
    base = serializers.IntegerField(allow_null=True)
    last = serializers.IntegerField(allow_null=True)
    last_target = serializers.IntegerField(allow_null=True)
    source = serializers.CharField()
    by = serializers.CharField(allow_null=True)
    at = serializers.DateTimeField(allow_null=True)
    cautions = CautionSerializer(many=True)


class BalanceSerializer(serializers.Serializer):
    """What is divided against the target. ``people`` is divided minus target, in people."""

    state = serializers.CharField(help_text="left, exact or over")
    words = serializers.CharField()
    divided = serializers.CharField()
    people = serializers.IntegerField()


class AllocationSerializer(serializers.Serializer):
    """The table that divides one target."""

    decision = serializers.CharField()
    unit = serializers.CharField()
    indicator = serializers.CharField()
    operator = serializers.CharField()
    target = serializers.IntegerField()
    decimals = serializers.IntegerField()
    base = serializers.CharField(allow_null=True)
    method = serializers.CharField()
    version = serializers.IntegerField()
    open = serializers.BooleanField()
    assigned_by = serializers.CharField(allow_null=True)
    reason = serializers.CharField()
    balance = BalanceSerializer()
    rows = PortionSerializer(many=True)


class MethodSerializer(serializers.Serializer):
    """A way to divide, or ``fill`` for what is left over, and the version of the table seen."""

    method = serializers.ChoiceField(
        choices=[*(one for one in Allocation.Method.values if one != "by_hand"), FILL]
    )
    version = serializers.IntegerField(min_value=1)


class AppliedSerializer(serializers.Serializer):
    """What a method changed, whom it could not weigh, and the table as it stands now."""

    changed = serializers.ListField(child=serializers.CharField())
    left_out = serializers.ListField(child=serializers.CharField())
    message = serializers.CharField()
    table = AllocationSerializer()


class AssignSerializer(serializers.Serializer):
    """The version seen; number and day of the decision where a district passes on what it got."""

    version = serializers.IntegerField(min_value=1)
    number = serializers.CharField(max_length=60, default="", allow_blank=True)
    issued_on = serializers.CharField(max_length=10, default="", allow_blank=True)
    reason = serializers.CharField(
        default="", allow_blank=True, help_text=f"At most {LONGEST_REASON} characters."
    )


class ListedAllocationSerializer(serializers.Serializer):
    """One table: where it stands, and by what decision it was assigned if it was."""

    decision_id = serializers.IntegerField()
    decision = serializers.CharField()
    unit = serializers.CharField()
    indicator = serializers.CharField()
    method = serializers.CharField()
    version = serializers.IntegerField()
    assigned_by = serializers.CharField(allow_null=True)
    assigned_at = serializers.DateTimeField(allow_null=True)
