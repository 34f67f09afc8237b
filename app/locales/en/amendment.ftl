# After publication: amendments, extensions, reopening, versions.
