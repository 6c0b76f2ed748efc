"""How static files are stored in production: compressed, named by their content, modules included."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage

MODULES = "entry/*.js"


class ModuleStorage(CompressedManifestStaticFilesStorage):
    """Also names in `import` and `export … from` of the portal's own modules become the hashed ones.

    Scripts of packages stay as they are: one of django_htmx names a module that it does not ship, in a comment.
    """

    support_js_module_import_aggregation = True
    _js_module_import_aggregation_patterns = (
        MODULES,
        CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1],
    )
