"""The portal refuses to start unsafe in production, and starts safe."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "PRODUCTION": "1",
    "SECRET_KEY": "a-secret-of-more-than-forty-characters-0123456789",
    "ALLOWED_HOSTS": "chitieu.example.vn",
    "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}

# Behind the proxy their defaults are right.
LEFT_TO_DEFAULTS = {"DEBUG", "SECURE_SSL_REDIRECT", "API_RATE_USER", "API_RATE_ANON", "LOG_LEVEL"}


def start(**changes: str | None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in {*SAFE, "DEBUG"}}
    environment |= {k: v for k, v in {**SAFE, **changes}.items() if v is not None}
    return subprocess.run(
        [sys.executable, "-c", "import config.wsgi"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_safe_configuration_starts():
    assert start().returncode == 0


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"SECRET_KEY": None}, "SECRET_KEY is not set"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS names no host"),
        ({"DATABASE_URL": None}, "DATABASE_URL is not set"),
        ({"REDIS_URL": None}, "REDIS_URL is not set"),
    ],
)
def test_an_unsafe_configuration_does_not_start_and_says_why(changes, said):
    done = start(**changes)
    assert done.returncode != 0
    assert said in done.stderr


def test_every_setting_an_operator_chooses_reaches_the_containers():
    settings = (ROOT / "config" / "settings.py").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', settings)) - LEFT_TO_DEFAULTS
    compose = (ROOT / "docker-compose.yml").read_text()
    assert {name for name in names if f"    {name}: " not in compose} == set()


@pytest.mark.parametrize("secret", [".env", "signing"])
def test_secrets_get_neither_into_the_image_nor_into_the_repository(secret):
    assert secret in (ROOT / ".dockerignore").read_text().splitlines()
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {f"/{secret}", f"/{secret}/"} & set(ignored)


def test_every_static_file_is_collected_and_modules_import_each_other_by_their_hashed_names(
    settings, tmp_path
):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "config.static_files.ModuleStorage"}}

    call_command("collectstatic", interactive=False, verbosity=0)

    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert {"portal.css", "entry/main.js", "entry/worker.js", "django_htmx/htmx-2.min.js"} <= names.keys()
    modules = [
        tmp_path / hashed
        for name, hashed in names.items()
        if name.startswith("entry/") and name.endswith(".js")
    ]
    imported = [
        module.parent / address
        for module in modules
        for address in re.findall(r"""(?:from|import)\s*["'](\.[^"']+)""", module.read_text())
    ]
    stored = {tmp_path / hashed for hashed in names.values()}
    assert imported and [path for path in imported if path not in stored] == []
    assert [path for path in imported if not re.search(r"\.[0-9a-f]{12}\.js$", path.name)] == []
