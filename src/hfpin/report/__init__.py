"""Values rendered as text. Nothing here prints: the hosts do."""
