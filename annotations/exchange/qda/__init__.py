"""REFI-QDA: projects and codebooks of NVivo, MAXQDA and ATLAS.ti."""
