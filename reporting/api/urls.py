"""Addresses of the API, one class an operation."""

from django.urls import path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.permissions import IsAuthenticated

from reporting.api import catalogue, places, plans, results, submission_writes, submissions, tokens

app_name = "api"

SHEET = "submissions/<str:facility>/<str:form>/<str:period>/"

sign_in = [
    path("token/", tokens.GiveToken.as_view(), name="token"),
    path("token/revoke/", tokens.RevokeToken.as_view(), name="token-revoke"),
]
plan_lists = [
    path("plans/", plans.ListPlans.as_view(), name="plans"),
    path("plans/<str:slug>/", plans.ReadPlan.as_view(), name="plan"),
    path("plans/<str:slug>/lines/", plans.ListLines.as_view(), name="plan-lines"),
    path("plans/<str:slug>/targets/", plans.ListTargets.as_view(), name="plan-targets"),
    path("plans/<str:slug>/assessments/", plans.ListAssessments.as_view(), name="plan-assessments"),
]
figures = [
    path("results/", results.ListResults.as_view(), name="results"),
    path("submissions/", submissions.ListSubmissions.as_view(), name="submissions"),
    path(SHEET, submission_writes.SubmissionResource.as_view(), name="submission"),
    path(f"{SHEET}submit/", submission_writes.SubmitSubmission.as_view(), name="submission-submit"),
    path(f"{SHEET}approve/", submission_writes.ApproveSubmission.as_view(), name="submission-approve"),
    path(f"{SHEET}send-back/", submission_writes.SendBackSubmission.as_view(), name="submission-send-back"),
]
reference = [
    path("places/areas/", places.ListAreas.as_view(), name="areas"),
    path("places/successions/", places.ListSuccessions.as_view(), name="successions"),
    path("facilities/", places.ListFacilities.as_view(), name="facilities"),
    path("catalogue/elements/", catalogue.ListElements.as_view(), name="elements"),
    path("catalogue/groups/", catalogue.ListGroups.as_view(), name="groups"),
    path("catalogue/forms/", catalogue.ListForms.as_view(), name="forms"),
    path("catalogue/rules/", catalogue.ListRules.as_view(), name="rules"),
    path("catalogue/indicators/", catalogue.ListIndicators.as_view(), name="indicators"),
]
# Choices that several shapes share keep one readable name in the description.
ENUM_NAMES = {
    "SubmissionStatus": "indicators.models.Submission.Status",
    "LineStatus": "reporting.api.plan_shapes.LINE_STATUSES",
    "TargetKind": "plans.models.Target.Kind",
    "GroupKind": "indicators.models.Group.Kind",
    "Periodicity": "indicators.models.Form.Periodicity",
}
description = [
    path(
        "schema/",
        SpectacularAPIView.as_view(
            permission_classes=[IsAuthenticated], custom_settings={"ENUM_NAME_OVERRIDES": ENUM_NAMES}
        ),
        name="schema",
    ),
]

urlpatterns = [*sign_in, *plan_lists, *figures, *reference, *description]
