"""The host of child processes: a folder on PYTHONPATH, so that what hfpin watches is watched in them too."""
