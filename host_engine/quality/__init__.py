"""HOW GOOD IT IS: measures of lips and pictures, from pixels and samples alone, and the gates they must pass."""
