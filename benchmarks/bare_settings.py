"""The portal's settings with the bare view of bare_urls.py beside its pages."""

from config.settings import *  # noqa: F403

ROOT_URLCONF = "benchmarks.bare_urls"
