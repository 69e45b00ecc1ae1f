"""Lists that communities keep, read as they are: ftr-site-config and the cosmetic part of ad blockers' filters."""
