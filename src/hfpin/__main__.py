"""`python -m hfpin`."""

from __future__ import annotations

from hfpin.cli import main

raise SystemExit(main())
