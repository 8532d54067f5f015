"""What is entered, one by one, many at once or by file; lists and exports."""

from .use_cases.import_files import forget_in_import_files
