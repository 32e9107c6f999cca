"""The record of a call: what was asked, heard, said and done, put together from what is logged anyway."""
