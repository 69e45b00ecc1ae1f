"""What the user says counts: rules, lists that communities keep, corrections."""
