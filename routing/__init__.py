"""Who should be reached, when, and in what order. Pure: no clock, no randomness, no input or output.

Every decision takes ``at``, an aware instant, and plain frozen values; the same question always has the same answer.
"""
