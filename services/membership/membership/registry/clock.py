"""Of files that came in, a report is kept for a week."""

from shared.running.retention import Keeping, Outcome

from .use_cases import import_files

retention = [
    Keeping(
        "import_files",
        7,
        "so that a clerk can fetch the report and correct the file; fixed. Of a file that came in, nothing is kept",
        Outcome.DELETED,
        import_files.delete_import_files,
    ),
]
