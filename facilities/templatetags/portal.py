"""Template filters for Vietnamese numbers and months."""

from django import template

register = template.Library()
