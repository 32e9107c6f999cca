"""What a clinician on call does in a browser: the card of a call, what is open of theirs, their shifts and swaps."""
