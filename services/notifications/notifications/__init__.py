"""Mail, in French and Arabic, about what happened."""
