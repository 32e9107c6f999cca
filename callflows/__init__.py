"""What is said and asked, in which order. Pure: no clock, chance, network or storage.

A flow is a generator: it yields requests and receives answers. It starts from the top at every
webhook and is replayed over the call's log, so everything it does must follow from its arguments
and its answers alone.
"""
