"""Mail on its way out: built, handed to a server or to a folder, tried again."""
