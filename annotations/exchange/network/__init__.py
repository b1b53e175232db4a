"""Networks as files: GraphML, GEXF, UCINET DL, a matrix."""
