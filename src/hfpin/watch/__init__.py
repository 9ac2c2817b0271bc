"""What a process does, seen from inside: names it looks up, where it connects, what it opens of the cache.

This also runs in child processes, in whatever interpreters those are, before their first line. So its modules
import the standard library and each other, little of it at module level, and never print.
"""
