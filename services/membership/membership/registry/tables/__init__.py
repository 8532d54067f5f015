"""Tables as they come in files: CSV and XLSX, in any encoding."""
