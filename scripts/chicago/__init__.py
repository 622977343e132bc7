"""Chicago: from raw files to tables, one module for each folder of `data/`."""
