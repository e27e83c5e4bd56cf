-- All inspect queries return names and texts as blobs: libsql aborts the process on invalid UTF-8.
SELECT
  (SELECT encoding FROM pragma_encoding),
  (SELECT journal_mode FROM pragma_journal_mode),
  (SELECT schema_version FROM pragma_schema_version)
