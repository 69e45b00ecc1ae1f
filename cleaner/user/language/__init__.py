"""The language of users' rules: what a rule says, the two forms it is written in, and how it is matched."""
