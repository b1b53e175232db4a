"""What language technology reads: spaCy, CoNLL, Hugging Face."""
