"""What the hub answers, one module a family of routes. Each offers its `ROUTES`; the order below decides."""

from __future__ import annotations

from hfpin.testing.routes import (
    account,
    cas,
    commits,
    control,
    discussions,
    files,
    lfs,
    refs,
    repos,
    tree,
    unknown,
    xet_tokens,
)

HUB_ROUTES = (
    *control.ROUTES,
    *account.ROUTES,
    *files.ROUTES,
    *lfs.HUB_ROUTES,
    *tree.ROUTES,
    *refs.ROUTES,
    *commits.ROUTES,
    *discussions.ROUTES,
    *xet_tokens.ROUTES,
    *repos.ROUTES,  # /api/models/{repo_id} would take /api/models/gpt2/refs for a repo: it comes last
    *unknown.ROUTES,
)
CDN_ROUTES = (*lfs.CDN_ROUTES, *cas.ROUTES, *unknown.ROUTES)
