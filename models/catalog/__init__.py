"""The catalog as a document: reading, checking and comparing it. Nothing here knows releases."""
