"""The web: W3C Web Annotation and schema.org's claims."""
