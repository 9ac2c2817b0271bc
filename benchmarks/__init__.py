"""What hfpin claims about speed, measured: `doit bench`."""
