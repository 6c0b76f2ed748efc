"""How static files are stored in production: compressed, named by their content, modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Also names in `import` and `export … from` of scripts become the hashed ones."""

    support_js_module_import_aggregation = True
