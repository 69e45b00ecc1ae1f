"""What several pages of one site taught."""
