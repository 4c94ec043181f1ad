"""The pictures of a study's page: each takes the results and a path, and is a PNG."""
