"""Tables: CSV, workbooks and Parquet."""
