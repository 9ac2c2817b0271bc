"""What hfpin does, one verb a module.

An operation takes values, reads and writes files, and returns values. It does not print, exit, or look at the
environment or the working directory: that is the hosts' part.
"""
