"""Who spoke: the names of an article, its roles and pronouns, and the canonical name behind each source."""
