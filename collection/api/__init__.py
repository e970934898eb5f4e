"""REST resources of collecting the counts; ``steering.api`` puts them under one version."""
