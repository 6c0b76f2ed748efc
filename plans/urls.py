from django.urls import path

from plans.views import allocations, lines, live, origin, parts, places, scorecard, tasks
from plans.views.editing import allocations as edit_allocations
from plans.views.editing import history as edit_history
from plans.views.editing import lines as edit_lines
from plans.views.editing import objectives as edit_objectives
from plans.views.editing import plans as edit_plans
from plans.views.editing import tasks as edit_tasks

app_name = "plans"

reading = [
    path("<slug:slug>/", scorecard.scorecard, name="scorecard"),
    path("<slug:slug>/stamp/", live.stamp, name="stamp"),
    path("<slug:slug>/lines/<str:key>/", lines.line_detail, name="line"),
    path("<slug:slug>/lines/<str:key>/origin/", origin.origin, name="origin"),
    path("<slug:slug>/lines/<str:key>/allocation/", allocations.allocation, name="allocation"),
    path("<slug:slug>/lines/<str:key>/places/<str:area>/", lines.line_stations, name="stations"),
    path("<slug:slug>/places/<str:area>/", places.place_targets, name="place"),
    path("<slug:slug>/tasks/", tasks.task_list, name="tasks"),
    path("<slug:slug>/tasks/<int:pk>/", tasks.task_detail, name="task"),
    path("<slug:slug>/budget/", parts.budget, name="budget"),
    path("<slug:slug>/document/", parts.document, name="document"),
]
editing = [
    path("<slug:slug>/edit/", edit_plans.outline, name="edit"),
    path("<slug:slug>/edit/head/", edit_plans.edit_head, name="edit-head"),
    path("<slug:slug>/edit/delete/", edit_plans.delete, name="delete"),
    path("<slug:slug>/edit/objectives/new/", edit_objectives.edit_objective, name="create-objective"),
    path("<slug:slug>/edit/objectives/<int:pk>/", edit_objectives.edit_objective, name="edit-objective"),
    path(
        "<slug:slug>/edit/objectives/<int:pk>/delete/",
        edit_objectives.remove_objective,
        name="delete-objective",
    ),
    path("<slug:slug>/edit/new-line/", edit_lines.edit_line, name="create-line"),
    path("<slug:slug>/edit/lines/<str:key>/", edit_lines.edit_line, name="edit-line"),
    path("<slug:slug>/edit/lines/<str:key>/delete/", edit_lines.remove_line, name="delete-line"),
    path("<slug:slug>/edit/lines/<str:key>/targets/<int:year>/", edit_lines.edit_target, name="edit-target"),
    path("<slug:slug>/lines/<str:key>/history/new/", edit_history.edit_total, name="create-total"),
    path("<slug:slug>/lines/<str:key>/history/<int:total>/", edit_history.edit_total, name="edit-total"),
    path(
        "<slug:slug>/lines/<str:key>/history/<int:total>/delete/",
        edit_history.remove_total,
        name="delete-total",
    ),
    path(
        "<slug:slug>/edit/lines/<str:key>/allocation/<int:year>/",
        edit_allocations.allocate_target,
        name="allocate",
    ),
    path("<slug:slug>/edit/tasks/new/", edit_tasks.edit_task, name="create-task"),
    path("<slug:slug>/edit/tasks/<int:pk>/", edit_tasks.edit_task, name="edit-task"),
    path("<slug:slug>/edit/tasks/<int:pk>/delete/", edit_tasks.remove_task, name="delete-task"),
    path("<slug:slug>/edit/budget/new/", edit_objectives.edit_budget_line, name="create-budget-line"),
    path("<slug:slug>/edit/budget/<int:pk>/", edit_objectives.edit_budget_line, name="edit-budget-line"),
    path(
        "<slug:slug>/edit/budget/<int:pk>/delete/",
        edit_objectives.remove_budget_line,
        name="delete-budget-line",
    ),
]
urlpatterns = [
    path("", scorecard.plan_list, name="list"),
    path("new/", edit_plans.create, name="create"),
    *reading,
    *editing,
]
