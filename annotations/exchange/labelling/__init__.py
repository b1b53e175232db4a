"""Tools that label spans: Label Studio, doccano, brat; and corpora in their formats."""
