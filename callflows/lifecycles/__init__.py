"""Lifecycles: things whose news arrives late, twice and out of order, as transition tables.

A table is a pure value. ``ivr`` executes it by conditional UPDATE and then carries out the named actions;
the explorer walks the same tables. An event that a state does not list changes nothing, and each such
case worth knowing is a comment in the table.
"""
