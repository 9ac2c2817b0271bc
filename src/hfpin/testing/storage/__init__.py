"""What the Hub keeps: repos as bare git repositories, large objects by sha256, and who may see what.

Nothing in here knows HTTP.
"""

from __future__ import annotations
