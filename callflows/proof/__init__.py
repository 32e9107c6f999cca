"""What walks every path of every flow, the rules that must hold there, and what a release means for calls."""
