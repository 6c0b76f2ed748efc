"""The shapes of plans: what `export_plan` and `assess_plan` write."""

from __future__ import annotations

from rest_framework import serializers

from indicators.models import Indicator
from plans.assessment import Status
from plans.models import Plan, PlanIndicator, Target, Task
from reporting.api.shapes import MonthField, Number

LINE_STATUSES = [(str(status), str(status)) for status in Status]


class PlanRowShape(serializers.ModelSerializer):
    issuer = serializers.CharField(source="issuer.name")
    area = serializers.CharField(source="area.key")

    class Meta:
        model = Plan
        fields = ["slug", "number", "title", "issuer", "area", "issued_on", "start_year", "end_year"]


class BaselineShape(serializers.Serializer):
    year = serializers.IntegerField(allow_null=True)
    text = serializers.CharField()
    operator = serializers.ChoiceField(Target.Operator.choices, allow_null=True)
    value = Number(allow_null=True)
    kind = serializers.ChoiceField(Target.Kind.choices, allow_null=True)


class TargetShape(serializers.Serializer):
    """`ambiguous` where a person must still decide what the text means."""

    year = serializers.IntegerField()
    text = serializers.CharField()
    operator = serializers.ChoiceField(Target.Operator.choices, allow_null=True)
    value = Number(allow_null=True)
    upper = Number(allow_null=True)
    kind = serializers.ChoiceField(Target.Kind.choices)
    ambiguous = serializers.BooleanField(required=False)


class LineTargetShape(TargetShape):
    line = serializers.CharField()


class LineShape(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    direction = serializers.ChoiceField(Indicator.Direction.choices)
    objective = serializers.CharField()
    parent = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    indicator = serializers.CharField(allow_null=True)
    group = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    origin = serializers.ChoiceField(PlanIndicator.Origin.choices)
    baseline = BaselineShape(allow_null=True)
    targets = TargetShape(many=True)


class ObjectiveShape(serializers.Serializer):
    label = serializers.CharField()
    title = serializers.CharField()


class TaskShape(serializers.Serializer):
    label = serializers.CharField()
    section = serializers.ChoiceField(Task.Section.choices)
    content = serializers.CharField()
    lead = serializers.ListField(child=serializers.CharField())
    partners = serializers.ListField(child=serializers.CharField())
    due = MonthField(allow_null=True)
    output = serializers.CharField()
    note = serializers.CharField()


class BudgetShape(serializers.Serializer):
    year = serializers.IntegerField()
    amount = Number()
    currency = serializers.CharField()
    source = serializers.CharField()


class PlanShape(serializers.Serializer):
    slug = serializers.CharField()
    number = serializers.CharField()
    title = serializers.CharField()
    issuer = serializers.CharField()
    area = serializers.CharField()
    issued_on = serializers.DateField(allow_null=True)
    start_year = serializers.IntegerField()
    end_year = serializers.IntegerField()
    baseline_year = serializers.IntegerField(allow_null=True)
    legal_bases = serializers.ListField(child=serializers.CharField())
    objectives = ObjectiveShape(many=True)
    indicators = LineShape(many=True)
    further_indicators = LineShape(many=True)
    tasks = TaskShape(many=True)
    budget = BudgetShape(many=True)


class StandingQuery(serializers.Serializer):
    """`as_of` lies in `year`; without it December, or the last month that is over and computed.

    `shared`: hide what the plan's report hides, as for whoever may not open the submissions.
    """

    year = serializers.IntegerField(min_value=2000, max_value=2100)
    as_of = MonthField(required=False)
    shared = serializers.BooleanField(required=False, default=False)


class AssessmentShape(serializers.Serializer):
    """With `hidden` true the figures are null because a small number could name a person."""

    key = serializers.CharField()
    objective = serializers.CharField()
    label = serializers.CharField()
    name = serializers.CharField()
    group = serializers.CharField(allow_null=True)
    year = serializers.IntegerField()
    as_of = MonthField(allow_null=True)
    target_text = serializers.CharField(allow_null=True)
    value = Number(allow_null=True)
    numerator = Number(allow_null=True)
    denominator = Number(allow_null=True)
    source = serializers.ChoiceField(["computed", "entered", "estimate", "none"])
    status = serializers.ChoiceField(LINE_STATUSES)
    percent_of_target = Number(allow_null=True)
    difference = Number(allow_null=True)
    projected = Number(allow_null=True)
    projected_interval = serializers.ListField(
        child=Number(), min_length=2, max_length=2, allow_null=True, help_text="95% limits of `projected`."
    )
    pace = Number(allow_null=True, help_text="What the months passed should have brought of the target.")
    interval = serializers.ListField(child=Number(), min_length=2, max_length=2, allow_null=True)
    reported = serializers.IntegerField(allow_null=True)
    expected = serializers.IntegerField(allow_null=True)
    hidden = serializers.BooleanField()
    flags = serializers.ListField(child=serializers.CharField())
    explanation = serializers.CharField(
        allow_null=True, help_text="A running year's verdict in one sentence."
    )
