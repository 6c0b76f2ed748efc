"""What a browser keeps to work with the network off: the worker, its files, and modules by their hashed names."""

from __future__ import annotations

import json
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage
from django.urls import reverse

from config.static_files import ModuleStorage
from indicators.presenters import offline

WORKER = reverse("submissions:worker")
GIVEN = re.compile(r"^self\.GIVEN = (.*);$", re.MULTILINE)


def given(client) -> dict:
    answer = client.get(WORKER)
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    return json.loads(GIVEN.search(answer.content.decode())[1])


def test_the_worker_names_a_version_and_every_file_of_the_page(client):
    found = given(client)
    assert found["version"] == offline.version() and found["scope"] == "/submissions/"
    assert {"/static/entry/main.js", "/static/entry/entry.css", "/static/portal.css"} <= set(found["assets"])
    assert "/static/entry/worker.js" not in found["assets"]
    missing = [url for url in found["assets"] if not finders.find(url.removeprefix("/static/"))]
    assert not missing


def test_another_content_is_another_version(monkeypatch, tmp_path, client):
    first = given(client)["version"]
    changed = tmp_path / "changed.js"
    changed.write_text("// changed")
    find = finders.find
    monkeypatch.setattr(finders, "find", lambda n: str(changed) if n == "entry/main.js" else find(n))
    assert given(client)["version"] != first


def test_switched_off_the_worker_is_one_that_removes_itself_whatever_the_other_says(client, settings):
    settings.ENTRY_OFFLINE = False
    answer = client.get(WORKER)
    script = answer.content.decode()
    assert answer["Content-Type"].startswith("text/javascript") and answer["Cache-Control"] == "no-cache"
    assert "registration.unregister()" in script and "caches.delete" in script
    assert "GIVEN" not in script and "fetch" not in script


def test_stored_modules_import_each_other_by_their_hashed_names(tmp_path):
    folder = Path(str(finders.find("entry")))
    source = FileSystemStorage(location=folder.parent)
    names = [f"entry/{path.name}" for path in folder.iterdir() if path.suffix in {".js", ".css"}]
    storage = ModuleStorage(location=tmp_path, base_url="/static/")
    for name in names:
        storage.save(name, source.open(name))
    list(storage.post_process({name: (storage, name) for name in names}))
    main = (tmp_path / storage.stored_name("entry/main.js")).read_text(encoding="utf-8")
    imported = re.findall(r"""from\s*["']\./([^"']+)["']""", main)
    assert imported, "the entry page is made of modules"
    for name in imported:
        assert re.fullmatch(r"[\w-]+\.[0-9a-f]{12}\.js", name), name
        assert (tmp_path / "entry" / name).exists()
