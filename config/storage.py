"""Static files under names that carry their content's hash, imports of ES modules included."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Manifest storage that also rewrites `import … from` in our modules."""

    support_js_module_import_aggregation = True
    # Each pass settles the names of one step in a chain of imports, and ours have more than five.
    max_post_process_passes = 20
