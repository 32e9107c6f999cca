"""The record of a call, read anew whenever somebody looks: nothing of it is stored twice."""
