"""The whole story of hfpin on a real model, run by `doit demo`."""
