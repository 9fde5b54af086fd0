"""The catalog: services, people in roles, release policy and digests, as code."""
