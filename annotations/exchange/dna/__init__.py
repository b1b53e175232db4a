"""Discourse Network Analyzer: its database and its event list."""
