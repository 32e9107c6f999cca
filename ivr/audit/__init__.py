"""Who did what to patient data: a hash-chained log that can only grow."""
