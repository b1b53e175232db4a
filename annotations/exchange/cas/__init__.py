"""INCEpTION: UIMA CAS in XMI and JSON, and WebAnno TSV."""
