"""What kept benchmarks tell: their history, the roofline of the machine, and how far the published figures are."""
