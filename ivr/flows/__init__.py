"""The call flows, from the command line: explored, drawn, and compared with what was released."""
