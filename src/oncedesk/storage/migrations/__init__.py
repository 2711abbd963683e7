"""The steps that brought the schema to where it is; a released one never changes."""
